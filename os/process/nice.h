/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that leave more of the processor to others, or take more: all threads of one priority take turns, and nice sets the length of a
 * turn, a fifth less for each step. */
#pragma once

#include "os/process/process.h"

enum { NICE_LEAST = -20, NICE_MOST = 19 };

/* Bounded to these; from the next turn on.  Cost: constant. */
void thread_be_nice(struct process *p, int nice);
