/* SPDX-License-Identifier: BSD-2-Clause */
/* What short paths do about time and turns: the wake rule and the choice of the next thread (spec scheduling.md 3, 4), where
 * one thread at most was woken and nothing else happened.
 *
 * The gate is open (short_may): nothing is due, and the domain goes on.
 */
#pragma once

#include "arch/arch.h"
#include "chain/binding.h"
#include "chain/reply.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "time/sched_context.h"
#include "trap/leave.h"

/* May another call be made?  Reads the clock. */
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

/* `to`, in no queue and RUNNING, runs now on its own time; after short_may, or when nothing is owed.  A round-robin context does not
 * care whether it is sporadic. */
struct context *short_run_at_length(struct core *core, struct thread *to);
static inline __attribute__((always_inline)) struct context *short_run_here(struct core *core,
                                                                            struct thread *to)
{
        core->current = to;
        return sched_charge_open(core, to->sc) ? leave_known(core, to) : short_run_at_length(core, to);
}
struct context *short_run(struct core *core, struct thread *to);

/* The same in two parts, without a look back: all that may be asked for it, including whether the gate is open, and the effect.
 * Both contexts are round-robin.  Reads the clock; *now is what it says. */
static inline bool short_may_run(struct core *core, const struct sched_context *next, word *now)
{
        clock_account();
        *now = core->now;
        return !rarely(*now >= core->gate) && !rarely(next->period != 0) &&
               !rarely(!sc_is_configured(next)) && !rarely(core->charged->period != 0) &&
               !rarely(core->uncommon != 0);
}

static inline __attribute__((always_inline)) struct context *
short_run_plainly(struct core *core, struct thread *to, struct sched_context *next, word now)
{
        sched_settle_plainly(core, core->charged, now);
        sched_begin_plainly(core, next, now);
        to->state = RUNNING;
        core->current = to;
        return leave_known(core, to);
}

/* The running thread `t` stops for an answer from `to`, which has left its queue with the reply object `r` and runs on its
 * own time if it has any, which is usable, and on that of `t` otherwise. */
static inline struct context *short_await(struct core *core, struct thread *t, struct thread *to,
                                          struct reply *r)
{
        to->state = RUNNING;
        if (to->sc) {
                to->reply = NULL;
                reply_await(r, t);
                return short_run(core, to);
        }
        reply_lend(r, t, to);
        core->current = to;
        return leave_known(core, to);
}

/* The notification bound to `t`, if there is one, does not interfere with a receive: nothing is signalled, and it lends no time. */
static inline bool short_bound_is_quiet(const struct thread *t)
{
        const struct notification *n = t->bound;

        return !rarely(n != NULL) || (!n->raised && !n->sc);
}

/* There is a thread to run when the running thread stops: `woken`, or a ready one. */
static inline bool short_someone(const struct core *core, const struct thread *woken)
{
        return woken || core->ready->head[core->ready->some.highest];
}

/* The running thread has stopped, and a ready one runs. */
struct context *short_next(struct core *core);

/* The running thread `t` has woken `to`, which short_has_time and is in no queue: who goes on? */
struct context *short_wake(struct core *core, struct thread *t, struct thread *to);
