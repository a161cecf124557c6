/* SPDX-License-Identifier: BSD-2-Clause */
/* YieldTo: a thread steps back for the thread of a scheduling context (spec scheduling.md 11).  Both ends of the link between the
 * two are written here, except for thread_suspend, which cuts it. */
#include "sched/cores.h"
#include "sched/sched.h"
#include "thread/core_of.h"
#include "thread/ready.h"
#include "thread/registers.h"
#include "time/sched_context.h"

__attribute__((cold)) bool sched_yield_to(struct sched_context *s)
{
        struct core *core = this_core();
        struct thread *t = s->thread, *caller = core->current;

        if (s->yielder)
                sc_complete_yield(s);
        if (is_elsewhere(t)) {
                cores_push(t);
                return false;
        }
        if (thread_is_runnable(t) && sc_is_configured(s) && !sc_is_usable(s))
                sched_postpone(t);
        if (!sched_is_eligible(t))
                return false;
        sched_remove(t);
        sched_force();
        if (t->priority < caller->priority) {
                ready_push_front(t);
                return false;
        }
        s->yielder = caller;
        caller->yielding_to = s;
        ready_push_front(caller);
        ready_push_front(t);
        return true;
}

void sc_complete_yield(struct sched_context *s)
{
        struct thread *y = s->yielder;
        word us = sc_take_consumed(s);

        s->yielder = NULL;
        y->yielding_to = NULL;
        if (!y->yield_called)
                return;
        y->context.x[REG_BADGE] = 0;
        y->context.x[REG_INFO] = info_make(0, 0, 0, 1);
        y->context.x[REG_MESSAGE] = us;
}
