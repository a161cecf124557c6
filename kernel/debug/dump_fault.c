/* SPDX-License-Identifier: BSD-2-Clause */
/* The report about a thread that stops because nobody handles its fault. */
#include "core/log.h"
#include "debug/dump.h"
#include "thread/thread.h"

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
        case FAULT_NONE:
                print_debug("no fault");
                break;
        }
}

void dump_fault(const struct thread *t)
{
        print_debug("Thread '%s' stops: there is no fault handler for\n  ", t->name);
        dump_cause(&t->fault);
        print_debug("\n  pc %lx, sp %lx, x30 %lx\n", t->context.restart, t->context.sp, t->context.x[30]);
}
