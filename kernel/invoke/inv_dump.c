/* SPDX-License-Identifier: BSD-2-Clause */
/* The dump (tessera/dump.h): one piece of the kernel's state in each call, found by a path from the caller's CSpace.  Reads only: a
 * path is looked up again each time, so nothing here can have gone meanwhile.  The answer overwrites the words of the request, so
 * these are read first. */
#include "chain/reply.h"
#include "face.h"
#include "invoke/invoke.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "tessera/dump.h"
#include "time/sched_context.h"
#include "vcpu/vcpu.h"
#include "vm/table.h"

_Static_assert(TESSERA_DumpTcbSlots == (int)TCB_SLOTS, "a path knows the slots of a TCB");

enum {
        PATH_AT = 2,
        SLOTS_TOLD = 16,
        SLOTS_LOOKED_AT = 160,
        REFILLS_TOLD = 32,
        RUNS_TOLD = 24,
        ENTRIES_LOOKED_AT = 64,
        HEAD_NEXT = 1, /* the word that says where to go on */
};

struct told {
        struct request *r;
        word *buffer;
        word n;
};

static void tell(struct told *o, word value)
{
        struct request *r = o->r;

        if (r->call && message_put(r->caller, o->buffer, o->n++, value))
                r->answer_length = (uint32_t)o->n;
}

static struct told begin(struct request *r, word next, word a, word b)
{
        struct told o = {r, thread_buffer_writable(r->caller), 0};
        word generation = 0;

        for (word i = 0; i < CORES; i++)
                generation += kernel.core[i].since;
        tell(&o, generation);
        tell(&o, next);
        tell(&o, a);
        tell(&o, b);
        return o;
}

static void go_on(struct told *o, word next)
{
        if (o->r->call)
                message_put(o->r->caller, o->buffer, HEAD_NEXT, next);
}

/* The slots in what a cap names. */
struct row {
        struct slot *first;
        word count;
};

static struct row row_of(struct cap c)
{
        struct thread *t = cap_object(c);

        switch (cap_kind(c)) {
        case CAP_CNODE:
                return (struct row){cnode_slots(c), bit(cnode_radix(c))};
        case CAP_TCB:
                return (struct row){t->slot, TCB_SLOTS};
        default:
                return (struct row){NULL, 0};
        }
}

/* The slot at the end of the path, or NULL: refused. */
static struct slot *follow(struct request *r)
{
        struct slot *s = &r->caller->slot[TCB_CSPACE];
        word steps = r->length < PATH_AT ? 0 : request_word(r, 1);

        if (steps > TESSERA_DUMP_PATH) {
                refuse_argument(r, 1);
                return NULL;
        }
        if (r->length < PATH_AT + steps) {
                refuse_truncated(r);
                return NULL;
        }
        for (word i = PATH_AT; i < PATH_AT + steps; i++) {
                struct row row = row_of(s->cap);
                word index = request_word(r, i);

                if (index >= row.count) {
                        refuse_argument(r, i);
                        return NULL;
                }
                s = &row.first[index];
        }
        return s;
}

static word object_of(struct cap c)
{
        switch (cap_kind(c)) {
        case CAP_CNODE:
                return (word)cnode_slots(c);
        case CAP_UNTYPED:
                return untyped_base(c);
        default:
                return cap_address(c);
        }
}

static void tell_slot(struct told *o, word index, const struct slot *s)
{
        struct cap c = s->cap;
        word info = cap_info(c);

        if (cap_kind(c) == CAP_CNODE)
                info = cnode_guard_bits(c);
        else if (cap_kind(c) == CAP_UNTYPED)
                info &= 127;
        tell(o, index | (word)cap_kind(c) << 32 | (s->link & SLOT_MARKS) << 37 | cap_object_bits(c) << 39 |
                        info << 45);
        tell(o, object_of(c));
        tell(o, cap_detail(c));
        tell(o, (word)slot_next(s));
}

static enum outcome dump_slots(struct request *r, const struct slot *s)
{
        struct row row = row_of(s->cap);
        word i = request_word(r, 0), end, told = 0;

        if (!row.count)
                return refuse_capability(r, 0);
        if (i >= row.count)
                return refuse_argument(r, 0);
        end = min_word(row.count, i + SLOTS_LOOKED_AT);
        struct told o = begin(r, 0, (word)row.first, row.count);
        for (; i < end && told < SLOTS_TOLD; i++) {
                if (!slot_is_empty(&row.first[i])) {
                        tell_slot(&o, i, &row.first[i]);
                        told++;
                }
        }
        go_on(&o, i < row.count ? i : 0);
        return DONE;
}

static bool is_queued(const struct thread *t)
{
        return t->state == SENDING || t->state == RECEIVING || t->state == LISTENING;
}

static void tell_thread(struct told *o, struct thread *t)
{
        bool queued = is_queued(t);

        tell(o, t->state | (word)t->priority << 8 | (word)t->mcp << 16 | (word)t->domain << 24 |
                        (word)t->flags << 32 | (word)t->in_ready << 40 | (word)t->in_release << 41 |
                        (word)(t->vcpu != NULL) << 42 | (word)t->send_is_call << 43);
        tell(o, t->state == RUNNING ? t->context.pc : t->context.restart);
        tell(o, t->context.sp);
        tell(o, t->context.x[29]);
        tell(o, t->context.x[30]);
        tell(o, queued ? (word)t->waiting_at : 0);
        tell(o, queued && !waitq_is_alone(t) ? (word)waitq_next(t) : 0);
        tell(o, t->state == SENDING ? t->send_badge : 0);
        tell(o, (word)t->reply);
        tell(o, (word)t->sc);
        tell(o, (word)t->bound);
        tell(o, t->interrupted ? 0 : t->fault.type);
        tell(o, t->interrupted ? 0 : t->fault.vm.address);
}

static void tell_context(struct told *o, struct sched_context *s, word from)
{
        word last = min_word(s->count, from + REFILLS_TOLD);

        tell(o, s->period);
        tell(o, s->budget);
        tell(o, sc_consumed(s));
        tell(o, (word)s->thread);
        tell(o, (word)s->reply);
        tell(o, (word)s->notification);
        tell(o, s->badge);
        tell(o, s->count);
        for (word i = from; i < last; i++) {
                word at = s->head + i < s->max ? s->head + i : s->head + i - s->max;

                tell(o, s->refill[at].time);
                tell(o, s->refill[at].amount);
        }
        go_on(o, last < s->count ? last : 0);
}

static void tell_endpoint(struct told *o, const struct endpoint *e)
{
        tell(o, endpoint_holds(e));
        tell(o, (word)e->queue.first);
}

static void tell_notification(struct told *o, const struct notification *n)
{
        tell(o, n->flags);
        tell(o, (word)n->waiters.first);
        tell(o, n->raised);
        tell(o, (word)n->bound);
        tell(o, (word)n->sc);
}

static void tell_reply(struct told *o, const struct reply *p)
{
        tell(o, (word)p->thread);
        tell(o, p->thread ? (word)p->lends : 0);
        tell(o, (word)p->below);
        tell(o, (word)p->above);
}

/* Neighbouring pages with the same rights, whose memory is in one piece. */
struct run {
        word va, memory, bytes;
};

struct scan {
        struct told *o;
        struct run run;   /* not told yet */
        word runs, looks; /* that may still be reported and made */
};

static void tell_run(const struct scan *c)
{
        if (!c->run.bytes)
                return;
        tell(c->o, c->run.va);
        tell(c->o, c->run.memory);
        tell(c->o, c->run.bytes);
}

/* A page goes to the end of the run, or begins the next; false: there is no room for one more. */
static bool add_page(struct scan *c, word va, word entry, word span)
{
        enum { MEMORY_TYPE = 15 << 2, DEVICE = 1 << 2 };
        word memory = pte_paddr(entry) | pte_rights(entry) | (entry & MEMORY_TYPE ? 0 : DEVICE);
        struct run *run = &c->run;

        if (run->bytes && run->va + run->bytes == va && run->memory + run->bytes == memory) {
                run->bytes += bit(span);
                return true;
        }
        if (!c->runs)
                return false;
        tell_run(c);
        c->runs--;
        *run = (struct run){va, memory, bit(span)};
        return true;
}

/* The entries of one table from where a walk ended, up to one that leads deeper; where to go on. */
static word scan_table(struct scan *c, struct walk w, word va)
{
        word span = pte_span(w.level);

        for (va = align_down(va, span); c->looks && !pte_is_table(*w.entry, w.level); w.entry++) {
                c->looks--;
                if (pte_is_page(*w.entry, w.level) && !add_page(c, va, *w.entry, span)) {
                        c->looks = 0;
                        break;
                }
                va += bit(span);
                if (!(va & ones(span + PTE_INDEX_BITS)))
                        break;
        }
        return va;
}

static void tell_space(struct told *o, word *root, word va)
{
        struct scan c = {o, {0, 0, 0}, RUNS_TOLD, ENTRIES_LOOKED_AT};

        while (va <= user_top() && c.looks) {
                c.looks--;
                va = scan_table(&c, table_walk(root, va), va);
        }
        tell_run(&c);
        go_on(o, va <= user_top() ? va : 0);
}

static void tell_object(struct told *o, struct cap c, word from)
{
        switch (cap_kind(c)) {
        case CAP_TCB:
                tell_thread(o, cap_object(c));
                break;
        case CAP_SCHED_CONTEXT:
                tell_context(o, cap_object(c), from);
                break;
        case CAP_ENDPOINT:
                tell_endpoint(o, cap_object(c));
                break;
        case CAP_NOTIFICATION:
                tell_notification(o, cap_object(c));
                break;
        case CAP_REPLY:
                tell_reply(o, cap_object(c));
                break;
        case CAP_IRQ_HANDLER:
                tell(o, cap_address(kernel.irq[irq_line(c)].cap));
                break;
        case CAP_VSPACE:
                tell_space(o, cap_object(c), from);
                break;
        default:
                break;
        }
}

/* How far a beginning may go: beyond 0 only where one answer is not enough. */
static word places(struct cap c)
{
        const struct sched_context *s = cap_object(c);

        switch (cap_kind(c)) {
        case CAP_VSPACE:
                return user_top() + 1;
        case CAP_SCHED_CONTEXT:
                return s->count;
        default:
                return 0;
        }
}

static enum outcome dump_object(struct request *r, const struct slot *s)
{
        word from = request_word(r, 0);

        if (from && from >= places(s->cap))
                return refuse_argument(r, 0);
        struct told o = begin(r, 0, cap_kind(s->cap), object_of(s->cap));
        tell_object(&o, s->cap, from);
        return DONE;
}

enum outcome invoke_dump(struct request *r)
{
        const struct slot *s = follow(r);

        if (!s)
                return REFUSED;
        return r->label == TESSERA_DumpSlots ? dump_slots(r, s) : dump_object(r, s);
}
