/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's priority changes, wherever it waits or runs.
 *
 * Level 11, because a sender may wait where a cancellation is under way.
 */
#pragma once

#include "thread/thread.h"

/* Queue positions per scheduling.md 4. */
void sched_set_priority(struct thread *t, word priority);
