/* SPDX-License-Identifier: BSD-2-Clause */
/* The question of every long operation: must it stop here?
 *
 * Level 4, below all that is long.  Work is counted in instructions of the release kernel, as estimated where it is done, and
 * interrupts are checked when PATIENCE of them have passed: so no stretch without a check depends on the number of objects
 * (docs/bounded.md).
 */
#pragma once

#include "core/state.h"

/* Between two checks; with the longest step, way in and way out it stays below the 4,000 of performance.md. */
enum { PATIENCE = 1500 };

/* The check itself: an interrupt waits, or the time of the running thread or domain is over. */
bool preempt_due(void);

/* The same, or another core waits for the kernel.  Only where progress is kept, since the other cores may come back at once. */
bool preempt_due_kept(void);

/* `cost` instructions of work were done; true when the operation must stop here with its progress kept
 * (scheduling.md 13). */
static inline bool preempt_point(word cost)
{
        struct core *core = this_core();

        core->work += cost;
        return core->work >= core->patience && preempt_due_kept();
}

/* The same before anything has happened, so that what was looked up and checked will be looked up and checked again: not asked until much
 * work has been done. */
static inline bool preempt_unkept(word cost)
{
        struct core *core = this_core();

        core->work += cost;
        return core->work >= PATIENCE && preempt_due();
}
