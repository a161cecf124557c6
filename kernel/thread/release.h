/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that wait for budget, ordered by the time at which they get it.
 *
 * Level 6.  Cost: logarithmic in the number of waiting threads, unless stated otherwise.
 */
#pragma once

#include "thread/thread.h"

void release_insert(struct thread *t, word time);
void release_remove(struct thread *t);

/* Take the first, of at least one.  Constant, except for a walk down the tree that consecutive calls share; the caller must have the timer
 * programmed again. */
struct thread *release_first(struct core *core);

/* The one behind `t`, or NULL. */
struct thread *release_after(const struct thread *t);
