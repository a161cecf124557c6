/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads are marked as traced when they get the processor; a thread that keeps its mark from a trace that ended loses it
 * with its next system call. */
#include "trap/traced.h"
#include "thread/registers.h"
#include "thread/thread.h"
#include "time/sched_context.h"

__attribute__((cold)) void traced_entry(struct thread *t, int64_t number)
{
        if (!trace_runs()) {
                t->flags &= (uint8_t) ~(t->flags & THREAD_DEBUGGED ? 0 : THREAD_TRACED);
        } else {
                trace(TESSERA_TRACE_CALL, t, (word)0 - (word)number, t->context.x[REG_BADGE],
                      t->context.x[REG_INFO]);
                this_core()->entered = true;
        }
}

__attribute__((cold)) void traced_leave(struct thread *t)
{
        struct core *now = this_core();

        if (t != now->left_to)
                trace(TESSERA_TRACE_SWITCH, t, now->left_to ? now->left_to->state : INACTIVE,
                      (word)now->left_to, t ? (word)t->sc : 0);
        else if (now->entered)
                trace(TESSERA_TRACE_RETURN, t, 0, t->context.x[REG_BADGE], t->context.x[REG_INFO]);
        now->entered = false;
        now->left_to = t;
        if (t)
                t->flags |= THREAD_TRACED;
}
