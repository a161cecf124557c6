/* SPDX-License-Identifier: BSD-2-Clause */
/* To which core a thread belongs (spec smp.md 3): what is called its domain elsewhere.
 *
 * Level 6.
 */
#pragma once

#include "door/door.h"
#include "thread/thread.h"

/* The core whose queues `t` belongs to.  Here as below, an image for one core has only a NOP for it. */
struct core *core_of_several(const struct thread *t);

static inline struct core *core_of(const struct thread *t)
{
        return several_cores() ? core_of_several(t) : this_core();
}

/* `t` belongs to another core. */
static inline bool is_elsewhere(const struct thread *t)
{
        return several_cores() && t->domain != this_core()->number;
}
