/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways out of the kernel.
 *
 * Level 15.  The machine gets the space and the FP state of the thread that runs next; what it already has is not written again.
 */
#pragma once

#include "thread/fpu.h"
#include "vm/space.h"

/* Decide who runs. */
struct context *leave(void);

/* `t` runs on, at its pc. */
struct context *leave_to(struct core *core, struct thread *t);

/* The same, short if the thread's space is known and the FPU stays as it is. */
static inline __attribute__((always_inline)) struct context *leave_known(struct core *core, struct thread *t)
{
        word space = t->space, era = t->space_era;

        together(space, era);
        if (rarely(!space_is_known(era)))
                return leave_to(core, t);
        space_enter_known(core, space);
        return fpu_enter(core, t);
}
