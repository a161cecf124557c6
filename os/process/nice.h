/* SPDX-License-Identifier: BSD-2-Clause */
/* How threads share a processor, as Linux names it.  Ordinary threads are of one priority and take turns; nice sets the length of a turn, a
 * fifth less for each step, and an idle thread has the shortest.  Threads of real time run before all ordinary ones, those of a higher
 * level first; two levels share a priority.  One of them has 950 ms of each second, as on Linux all have together, and that is its turn
 * among those of its priority; the shell, drivers and the server stay above them. */
#pragma once

#include "os/process/process.h"

enum { NICE_LEAST = -20, NICE_MOST = 19 };

/* As Linux numbers them. */
enum policy { POLICY_OTHER = 0, POLICY_FIFO = 1, POLICY_ROUND_ROBIN = 2, POLICY_BATCH = 3, POLICY_IDLE = 5 };
enum { LEVEL_MOST = 99 };

static inline bool policy_is_real_time(unsigned policy)
{
        return policy == POLICY_FIFO || policy == POLICY_ROUND_ROBIN;
}

/* Bounded to these; from the next turn on.  Cost: constant. */
void thread_be_nice(struct process *p, int nice);

/* At once; the level is 0 for those that are not of real time.  Cost: constant. */
void thread_be_of(struct process *p, enum policy policy, unsigned level);

/* A new thread or process, which has no thread of the kernel yet, is of its maker's policy, unless that one wants its children to be
 * ordinary. */
void nice_inherit(struct process *to, const struct process *from);
