/* SPDX-License-Identifier: BSD-2-Clause */
/* See priority.h. */
#include "ipc/priority.h"
#include "chain/life.h"
#include "ipc/endpoint.h"
#include "sched/sched.h"

void sched_move_to_priority(struct thread *t, word priority)
{
        /* Its new place might be behind the point that the cancellation has reached. */
        if (t->state == SENDING && send_is_cancelled(t))
                thread_send_away(t);
        if (t->state == SENDING || t->state == RECEIVING || t->state == LISTENING) {
                waitq_leave(t->waiting_at, t);
                t->priority = (uint8_t)priority;
                waitq_join(t->waiting_at, t);
                return;
        }
        bool ready = t->in_ready || t == this_core()->woken;
        if (ready)
                sched_remove(t);
        t->priority = (uint8_t)priority;
        if (ready)
                sched_push(t);
        else if (t == this_core()->current)
                sched_force();
}
