/* SPDX-License-Identifier: BSD-2-Clause */
/* Synchronous exceptions other than svc, and interrupts (spec vspace.md 11, 12; scheduling.md 8). */
#include "arch/arch.h"
#include "ipc/fault.h"
#include "irq/irq.h"
#include "thread/clock.h"
#include "thread/fpu.h"
#include "thread/sched.h"
#include "trap/leave.h"
#include "trap/syscall.h"
#include "trap/trap.h"

/* Exception classes of ESR_EL1, bits 31..26. */
enum { CLASS_FPU = 0x07, CLASS_FETCH_ABORT = 0x20, CLASS_DATA_ABORT = 0x24 };

static struct fault describe(struct thread *t, word syndrome, word address)
{
        word class = syndrome >> 26 & ones(6);

        syndrome &= ones(32);
        if (class == CLASS_DATA_ABORT)
                return (struct fault){.type = FAULT_VM, .vm = {address, 0, syndrome}};
        if (class == CLASS_FETCH_ABORT)
                return (struct fault){.type = FAULT_VM, .vm = {t->context.restart, 1, syndrome}};
        return (struct fault){.type = FAULT_USER_EXCEPTION, .user = {syndrome, 0}};
}

struct context *trap_exception(word syndrome, word address)
{
        struct thread *t = this_core()->current;

        if ((syndrome >> 26 & ones(6)) == CLASS_FPU && fpu_take(t))
                return &t->context;
        clock_account();
        if (sched_gate())
                fault_raise(t, describe(t, syndrome, address));
        return leave();
}

struct context *trap_interrupt(void)
{
        clock_account();
        sched_check_budget();
        irq_handle();
        return leave();
}

struct context *trap_first(void)
{
        return leave();
}
