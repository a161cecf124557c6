/* SPDX-License-Identifier: BSD-2-Clause */
/* FP and SIMD registers stay with the thread that used them last; whoever uses them next traps once. */
#pragma once

#include "thread/thread.h"

/* `t` used the FPU and does not own it: give it over.  False when the thread's flag forbids it. */
bool fpu_take(struct thread *t);

/* Open or close the FPU for `t`. */
void fpu_open_for(struct core *core, const struct thread *t);

/* `t` is about to run: nothing changes while neither it nor the thread before it owns the registers. */
static inline bool fpu_changes(const struct core *core, const struct thread *t)
{
        return core->fpu_open != (core->fpu_owner == t);
}

static inline void fpu_enter(struct core *core, const struct thread *t)
{
        if (fpu_changes(core, t))
                fpu_open_for(core, t);
}

/* The registers of `t`, if it owns them, are saved and nobody owns the FPU. */
void fpu_release(struct thread *t);
