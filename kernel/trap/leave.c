/* SPDX-License-Identifier: BSD-2-Clause */
/* The only way out of the kernel: once per entry, decide who runs and make the machine its own. */
#include "trap/leave.h"
#include "arch/arch.h"
#include "irq/irq.h"
#include "sched/cores.h"
#include "sched/sched.h"
#include "thread/debugged.h"
#include "thread/fpu.h"
#include "thread/ready.h"
#include "time/clock.h"
#include "time/sched_context.h"
#include "trap/short_switch.h"
#include "trap/traced.h"
#include "vcpu/vcpu.h"

/* Nobody can run: wait, with nobody charged, until an interrupt changes that. */
static __attribute__((noinline)) void idle(void)
{
        if (trace_runs())
                traced_leave(NULL);
        if (hypervisor_face())
                vcpu_switch(NULL);
        if (several_cores()) {
                space_rest(this_core());
                cores_sleep();
        } else {
                arch_wait();
        }
        clock_account();
        irq_handle();
        sched_decide();
}

__attribute__((noinline)) struct context *leave_to(struct core *core, struct thread *t)
{
        bool reload = core->reload;

        space_enter(core, t);
        core->reload = false;
        return reload ? fpu_open_for(core, t, core->fpu_owner, false) : fpu_enter(core, t);
}

/* What `t`, which was chosen, has left to do. */
static inline void resume_call(struct thread *t)
{
        if (t->state == RESTARTING) {
                t->context.pc = t->context.restart;
                t->state = RUNNING;
        }
        if (rarely(t->yielding_to != NULL))
                sc_complete_yield(t->yielding_to);
}

static inline __attribute__((always_inline)) struct context *leave_picked(struct core *core, struct thread *t)
{
        resume_call(t);
        return core->reload ? leave_to(core, t) : leave_known(core, t);
}

__attribute__((noinline)) struct context *short_run_at_length(struct core *core, struct thread *to)
{
        if (to->sc->sporadic)
                sc_thread_woken(to->sc);
        sched_charge_to(to->sc);
        return leave_known(core, to);
}

__attribute__((noinline)) struct context *short_run(struct core *core, struct thread *to)
{
        return short_run_here(core, to);
}

static __attribute__((noinline)) struct context *short_next_at_length(struct core *core, struct thread *next)
{
        sched_charge_to(next->sc);
        return leave_picked(core, next);
}

__attribute__((noinline)) struct context *short_next(struct core *core)
{
        struct thread *next = ready_take_best_here(core->ready);

        core->current = next;
        if (rarely(next->state == RESTARTING) || rarely(next->yielding_to != NULL) ||
            !sched_charge_open(core, next->sc))
                return short_next_at_length(core, next);
        return leave_known(core, next);
}

/* Somebody looks on: a trace, or a debugger at the thread that ran. */
static __attribute__((cold)) void watched_leave(struct core *core)
{
        if (core->traces)
                traced_leave(core->current);
        if (core->debugs)
                debugged_leave(core);
}

struct context *leave(void)
{
        struct core *core = this_core();

        sched_decide();
        while (!core->current)
                idle();

        if (rarely(core->watched != 0))
                watched_leave(core);
        return leave_picked(core, core->current);
}
