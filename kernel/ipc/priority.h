/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing a thread's priority, wherever it waits or runs.
 *
 * Level 11, because a sender may wait where a cancellation is under way.
 */
#pragma once

#include "thread/thread.h"

/* Of a thread that may be in a queue, or run: queue positions per scheduling.md 4. */
void sched_move_to_priority(struct thread *t, word priority);

/* Of any thread. */
static inline void sched_set_priority(struct thread *t, word priority)
{
        if (t->state == INACTIVE || t->state == AWAITING_REPLY)
                t->priority = (uint8_t)priority;
        else
                sched_move_to_priority(t, priority);
}
