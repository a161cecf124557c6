/* SPDX-License-Identifier: BSD-2-Clause */
/* The report about a thread that stops because its fault has no handler. */
#include "console/log.h"
#include "core/platform.h"
#include "ipc/fault.h"
#include "thread/thread.h"
#include "vm/asid.h"
#include "vm/table.h"

enum { STACK_WORDS = 16 };

static void dump_cause(const struct fault *f)
{
        switch ((enum fault_type)f->type) {
        case FAULT_CAP:
                print_debug("cap fault in %s phase at address %lx, lookup failure %lu",
                            f->cap.receiving ? "receive" : "send", f->cap.cptr, f->cap.lookup.type);
                break;
        case FAULT_UNKNOWN_SYSCALL:
                print_debug("unknown syscall");
                break;
        case FAULT_USER_EXCEPTION:
                print_debug("user exception %lx, code %lx", f->user.number, f->user.code);
                break;
        case FAULT_TIMEOUT:
                print_debug("timeout fault, badge %lx", f->timeout.badge);
                break;
        case FAULT_VM:
                print_debug("vm fault on %s at address %lx with status %lx", f->vm.prefetch ? "code" : "data",
                            f->vm.address, f->vm.status);
                break;
        case FAULT_VCPU:
                print_debug("exception with syndrome %lx", f->user.number);
                break;
        case FAULT_VGIC_MAINTENANCE:
        case FAULT_VPPI_EVENT:
                print_debug("guest event %lu, detail %lx", f->type, f->user.number);
                break;
        case FAULT_NONE:
                print_debug("no fault");
                break;
        }
}

/* Device pages are left alone: reading them may have effects, or abort. */
static bool page_is_ram(word entry)
{
        return (entry & PTE_NORMAL) && pte_paddr(entry) >= platform.ram_start &&
               pte_paddr(entry) < platform.ram_end;
}

/* The word at a user address, if user level could read it. */
static bool read_user(const struct thread *t, word va, word *value)
{
        struct cap space = t->slot[TCB_VSPACE].cap;
        struct walk w;

        if (cap_kind(space) != CAP_VSPACE || va > user_top() || !is_aligned(va, 3))
                return false;
        /* A VSpace that has lost its number may still lead to tables that are gone. */
        if (asid_root(vspace_asid(space)) != cap_object(space))
                return false;
        w = table_walk(cap_object(space), va);
        if (!pte_is_page(*w.entry, w.level) || !(pte_rights(*w.entry) & RIGHT_READ) || !page_is_ram(*w.entry))
                return false;
        *value = *(const word *)window(pte_paddr(*w.entry) + (va & ones(pte_span(w.level))));
        return true;
}

static void dump_stack(const struct thread *t)
{
        for (word i = 0; i < STACK_WORDS; i++) {
                word va = t->context.sp + i * sizeof(word), value;

                if (read_user(t, va, &value))
                        print_debug("  %lx: %lx\n", va, value);
                else
                        print_debug("  %lx: not readable\n", va);
        }
}

void dump_fault(const struct thread *t)
{
        print_debug("Thread '%s' stops: there is no fault handler for\n  ", t->name);
        dump_cause(&t->fault);
        print_debug("\n  pc %lx, sp %lx, x30 %lx; stack:\n", t->context.restart, t->context.sp,
                    t->context.x[30]);
        dump_stack(t);
}
