/* SPDX-License-Identifier: BSD-2-Clause */
/* The scheduler dump and the snapshot. */
#include "debug/dump.h"
#include "console/log.h"
#include "core/state.h"
#include "thread/thread.h"

enum { NESTING = 4, SNAPSHOT_LINES = 20000 };

/* The CNodes from a thread's root to the one being printed, and how many lines may still be printed. */
struct walk {
        const struct slot *path[NESTING];
        word depth, lines;
};

static const char *state_name(const struct thread *t)
{
        static const char *const names[] = {
                [INACTIVE] = "inactive",
                [RUNNING] = "running",
                [RESTARTING] = "restart",
                [SENDING] = "blocked on send",
                [RECEIVING] = "blocked on recv",
                [LISTENING] = "blocked on ntfn",
                [AWAITING_REPLY] = "blocked on reply",
        };

        return names[t->state];
}

void dump_scheduler(void)
{
        print_debug("Dumping all tcbs!\n");
        print_debug("Name \tState \tIP \tPrio \tInReleaseQueue\n");
        print_debug(
                "--------------------------------------------------------------------------------------\n");
        for (const struct thread *t = kernel.threads; t != NULL; t = t->all_next)
                print_debug("%s\t%s\t%p\t%lu\t%s\n", t->name, state_name(t),
                            (void *)(t->state == RUNNING ? t->context.pc : t->context.restart),
                            (word)t->priority, t->in_release ? "yes" : "no");
}

const char *dump_kind_name(enum cap_kind kind)
{
        static const char *const names[32] = {
                [CAP_NULL] = "empty",
                [CAP_FRAME] = "frame",
                [CAP_UNTYPED] = "untyped",
                [CAP_PAGE_TABLE] = "page table",
                [CAP_ENDPOINT] = "endpoint",
                [CAP_NOTIFICATION] = "notification",
                [CAP_REPLY] = "reply",
                [CAP_VSPACE] = "VSpace",
                [CAP_CNODE] = "CNode",
                [CAP_ASID_CONTROL] = "ASID control",
                [CAP_TCB] = "TCB",
                [CAP_VCPU] = "VCPU",
                [CAP_ASID_POOL] = "ASID pool",
                [CAP_IRQ_CONTROL] = "IRQ control",
                [CAP_IRQ_HANDLER] = "IRQ handler",
                [CAP_ZOMBIE] = "zombie",
                [CAP_DOMAIN] = "domain",
                [CAP_SCHED_CONTEXT] = "sched context",
                [CAP_SCHED_CONTROL] = "sched control",
                [CAP_SMC] = "SMC",
                [CAP_SGI_SIGNAL] = "SGI signal",
        };

        return names[kind];
}

static void dump_cap(struct cap c)
{
        const char *name = dump_kind_name(cap_kind(c));

        print_debug("%s", name ? name : "?");
        switch (cap_kind(c)) {
        case CAP_FRAME:
        case CAP_PAGE_TABLE:
                print_debug(" %lx (%lu bits", cap_object_paddr(c), cap_object_bits(c));
                if (mapped_asid(c))
                        print_debug(", asid %lu, mapping %lx", mapped_asid(c), mapped_va(c));
                print_debug(")\n");
                break;
        case CAP_UNTYPED:
                print_debug(" %lx (%lu bits%s, used %lx)\n", untyped_base(c), untyped_bits(c),
                            untyped_is_device(c) ? ", device" : "", untyped_used(c));
                break;
        case CAP_ENDPOINT:
        case CAP_NOTIFICATION:
                print_debug(" %lx (%s%s%s%s, badge %lx)\n", cap_address(c),
                            cap_rights(c) & RIGHT_READ ? "R" : "", cap_rights(c) & RIGHT_WRITE ? "W" : "",
                            cap_rights(c) & RIGHT_GRANT ? "G" : "",
                            cap_rights(c) & RIGHT_GRANT_REPLY ? "P" : "", cap_badge(c));
                break;
        case CAP_CNODE:
                print_debug(" %lx (%lu bits, guard %lx, guard_size %lu)\n", (word)cnode_slots(c),
                            cnode_radix(c), cnode_guard(c), cnode_guard_bits(c));
                break;
        default:
                print_debug(" %lx (%lx)\n", cap_address(c), cap_detail(c));
        }
}

static void dump_cnode(struct cap c, struct walk *w);

static void dump_slot(word index, const struct slot *s, struct walk *w)
{
        if (w->lines == 0)
                return;
        w->lines--;
        print_debug("0x%lx: ", index);
        dump_cap(s->cap);
}

static bool on_path(const struct walk *w, const struct slot *cnode)
{
        for (word i = 0; i < w->depth; i++) {
                if (w->path[i] == cnode)
                        return true;
        }
        return false;
}

/* The caps of a CNode, then the CNodes in it; each only once on any path, so that cycles end. */
static void dump_cnode(struct cap c, struct walk *w)
{
        const struct slot *slots = cnode_slots(c);

        if (w->depth == NESTING || on_path(w, slots))
                return;
        w->path[w->depth++] = slots;
        print_debug("cnode_%lx {\n", (word)slots);
        for (word i = 0; i < bit(cnode_radix(c)); i++) {
                if (!slot_is_empty(&slots[i]))
                        dump_slot(i, &slots[i], w);
        }
        print_debug("}\n");
        for (word i = 0; i < bit(cnode_radix(c)); i++) {
                if (cap_kind(slots[i].cap) == CAP_CNODE)
                        dump_cnode(slots[i].cap, w);
        }
        w->depth--;
}

/* An older thread has the same CSpace root. */
static bool root_is_known(const struct thread *t)
{
        word root = cap_address(t->slot[TCB_CSPACE].cap);

        for (const struct thread *o = t->all_next; o != NULL; o = o->all_next) {
                if (cap_address(o->slot[TCB_CSPACE].cap) == root)
                        return true;
        }
        return false;
}

static void dump_thread(const struct thread *t)
{
        static const char *const names[TCB_SLOTS] = {"cspace", "vspace", "ipc_buffer", "fault_ep",
                                                     "timeout_ep"};

        print_debug("tcb_%lx { %s, %s, ip %lx, prio %lu, max_prio %lu, dom %lu\n", (word)t, t->name,
                    state_name(t), t->context.pc, (word)t->priority, (word)t->mcp, (word)t->domain);
        for (word i = 0; i < TCB_SLOTS; i++) {
                if (slot_is_empty(&t->slot[i]))
                        continue;
                print_debug("%s: ", names[i]);
                dump_cap(t->slot[i].cap);
        }
        print_debug("}\n");
}

void dump_snapshot(void)
{
        struct walk w = {.lines = SNAPSHOT_LINES};

        print_debug("-- Parsable description of this system\narch aarch64\n\nobjects {\n");
        for (const struct thread *t = kernel.threads; t != NULL; t = t->all_next)
                dump_thread(t);
        print_debug("}\n\ncaps {\n");
        for (const struct thread *t = kernel.threads; t != NULL; t = t->all_next) {
                if (cap_kind(t->slot[TCB_CSPACE].cap) == CAP_CNODE && !root_is_known(t))
                        dump_cnode(t->slot[TCB_CSPACE].cap, &w);
        }
        print_debug("}\n");
        if (w.lines == 0)
                print_debug("-- cut short\n");
}
