/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways into the kernel at EL2, where the running thread may be a guest (spec el2.md 6, 9). */
#include "arch/arch.h"
#include "irq/irq.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "trace/trace.h"
#include "trap/exception.h"
#include "trap/leave.h"
#include "trap/trap.h"
#include "vcpu/vcpu.h"

/* HVC is a guest's system call; the machine says where it goes on, not where it was. */
static struct context *hypercall(struct thread *t)
{
        t->context.restart = t->context.pc - 4;
        return trap_syscall();
}

struct context *trap_exception_el2(word syndrome, word address)
{
        struct core *core = this_core();
        struct thread *t = core->current;
        word class = exception_class(syndrome);

        if (!core->guest)
                return trap_exception(syndrome, address);
        trace(TESSERA_TRACE_EXIT, t, class, syndrome & ones(32), t->context.pc);
        if (class == CLASS_HVC)
                return hypercall(t);
        if (class == CLASS_REGISTER && arch_guest_first_use(core->guest, syndrome))
                return &t->context;
        if (class == CLASS_DATA_ABORT || class == CLASS_FETCH_ABORT)
                address = arch_guest_abort_address(syndrome, address);
        return trap_exception(syndrome, address);
}

/* With a guest in the machine, an interrupt may become a fault of it. */
struct context *trap_interrupt_el2(void)
{
        if (!this_core()->guest)
                return trap_interrupt();
        trace(TESSERA_TRACE_EXIT, this_core()->current, TESSERA_TRACE_BY_LINE, 0,
              this_core()->current->context.pc);
        clock_account();
        sched_check_budget();
        irq_handle();
        return leave();
}
