/* SPDX-License-Identifier: BSD-2-Clause */
/* Synchronous exceptions other than svc, and interrupts (spec vspace.md 11, 12; scheduling.md 8). */
#include "trap/exception.h"
#include "arch/arch.h"
#include "ipc/fault.h"
#include "irq/irq.h"
#include "sched/sched.h"
#include "thread/debugged.h"
#include "thread/fpu.h"
#include "time/clock.h"
#include "trap/leave.h"
#include "trap/short.h"
#include "trap/syscall.h"
#include "trap/trap.h"

static const word UNKNOWN = 0x02000000; /* an undefined instruction */

static void describe(struct thread *t, word syndrome, word address)
{
        word class = exception_class(syndrome);
        struct fault *f = &t->fault;

        syndrome &= ones(32);
        if (class != CLASS_DATA_ABORT && class != CLASS_FETCH_ABORT) {
                f->type = hypervisor_face() && syndrome != UNKNOWN ? FAULT_VCPU : FAULT_USER_EXCEPTION;
                f->user.number = syndrome;
                f->user.code = 0;
                return;
        }
        f->type = FAULT_VM;
        f->vm.address = class == CLASS_FETCH_ABORT && !hypervisor_face() ? t->context.restart : address;
        f->vm.prefetch = class == CLASS_FETCH_ABORT;
        f->vm.status = syndrome;
}

struct context *trap_exception(word syndrome, word address)
{
        struct core *core = this_core();
        struct thread *t = core->current, *handler;

        if ((syndrome >> 26 & ones(6)) == CLASS_FPU && fpu_take(t))
                return &t->context;
        handler = short_handler(core, t);
        if (handler) {
                describe(t, syndrome, address);
                return short_fault(core, t, handler);
        }
        clock_account();
        if (sched_gate()) {
                describe(t, syndrome, address);
                if (rarely(t->flags & THREAD_DEBUGGED) && t->fault.type == FAULT_USER_EXCEPTION)
                        t->fault.user.code = debugged_exception(t, exception_class(syndrome), address);
                fault_raise(t);
        }
        return leave();
}

struct context *trap_interrupt(void)
{
        struct core *core = this_core();

        clock_account();
        if (!only_long_ways() && core->current && !(core->current->flags & THREAD_TRACED)) {
                if (core->now < core->gate)
                        return short_interrupt(core, irq_take());
                if (short_turn_ends(core))
                        return short_end_of_turn(core);
        }
        sched_check_budget();
        irq_handle();
        return leave();
}

struct context *trap_first(void)
{
        return leave();
}
