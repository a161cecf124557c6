/* SPDX-License-Identifier: BSD-2-Clause */
/* What short ways do about time and turns: the wake rule and the choice of the next thread (spec scheduling.md 3, 4), where
 * one thread at most was woken and nothing else happened.
 *
 * The gate is open (short_may): nothing is due, and the domain goes on.
 */
#pragma once

#include "arch/arch.h"
#include "thread/clock.h"
#include "thread/reply.h"
#include "thread/sched.h"
#include "thread/sched_context.h"
#include "trap/leave.h"

/* One more call may be made.  Reads the clock. */
static inline bool short_may(const struct core *core)
{
        clock_account();
        return core->now < core->gate;
}

/* `to` can run as soon as it is runnable, on time of its own; after short_may. */
static inline bool short_has_time(const struct thread *to)
{
        return to->sc && sc_is_usable(to->sc);
}

/* `to`, in no queue and RUNNING, runs now on its own time. */
static inline void short_run(struct core *core, struct thread *to)
{
        core->current = to;
        if (to->sc->sporadic)
                sc_thread_woken(to->sc);
        sched_charge_to(to->sc);
}

/* The running thread `t` stops for an answer from `to`, which has left its queue with the reply object `r` and runs on its
 * own time if it has any, which is usable, and on that of `t` otherwise. */
static inline struct context *short_await(struct core *core, struct thread *t, struct thread *to, struct reply *r)
{
        to->state = RUNNING;
        if (to->sc) {
                to->reply = NULL;
                reply_await(r, t);
                short_run(core, to);
        } else {
                reply_lend(r, t, to);
                core->current = to;
        }
        return leave_known(core, to);
}

/* The running thread `t` has woken `to`, which short_has_time: who goes on? */
static inline struct context *short_wake(struct core *core, struct thread *t, struct thread *to)
{
        to->state = RUNNING;
        if (to->domain == core->domain && to->priority > t->priority) {
                ready_push_front(t);
                short_run(core, to);
                return leave_known(core, to);
        }
        if (to->sc->sporadic)
                sc_thread_woken(to->sc);
        if (to->priority == t->priority && to->domain == core->domain)
                ready_push_back(to);
        else
                ready_push_front(to);
        if (!core->reprogram)
                return arch_resume(&t->context);
        sched_charge_to(core->charged);
        return leave_known(core, t);
}

/* Somebody is there to run when the running thread stops: `woken`, or a ready one. */
static inline bool short_someone(const struct core *core, const struct thread *woken)
{
        return woken || core->ready->head[core->ready->best];
}

/* The running thread has stopped, and has perhaps woken `woken`, which short_has_time and is of the running domain. */
static inline struct context *short_next(struct core *core, struct thread *woken)
{
        if (woken) {
                woken->state = RUNNING;
                if (sched_runs_next(core, woken)) {
                        short_run(core, woken);
                        return leave_known(core, woken);
                }
                if (woken->sc->sporadic)
                        sc_thread_woken(woken->sc);
                ready_push_front(woken);
        }
        struct thread *next = ready_best(core->domain);
        ready_remove(next);
        core->current = next;
        sched_charge_to(next->sc);
        return leave_picked(core, next);
}
