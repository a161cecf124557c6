/* SPDX-License-Identifier: BSD-2-Clause */
/* FP and SIMD registers stay with the thread that used them last; whoever uses them next traps once.  After some FPU_TRAPS of
 * such traps it gets them at once FPU_TURNS times, when it runs while another thread owns them: a trap costs three times what
 * moving them costs, and threads that compute in turns would trap each time.  Then it has to trap again, so a thread that
 * stopped using them does not take them for ever. */
#pragma once

#include "arch/arch.h"
#include "thread/thread.h"

enum { FPU_TRAPS = 3, FPU_TURNS = 30 };

/* `t` used the FPU and does not own it: give it over.  False when the thread's flag forbids it. */
bool fpu_take(struct thread *t);

static inline void fpu_set_open(struct core *core, bool open)
{
        core->fpu_open = open;
        arch_fpu_enable(open);
}

/* `t` gets the registers from their owner without a trap (where nobody owns them, nobody competes for them). */
static inline bool fpu_is_due(const struct core *core, const struct thread *t)
{
        return t->fpu_turns > 0 && core->fpu_owner && core->fpu_owner != t &&
               !(t->flags & THREAD_FPU_DISABLED);
}

void fpu_give_again(struct core *core, struct thread *t);

/* Open or close the FPU for `t`, or give it over. */
void fpu_open_for(struct core *core, struct thread *t);

/* `t` is about to run: nothing changes while neither it nor the thread before it owns the registers. */
static inline bool fpu_changes(const struct core *core, const struct thread *t)
{
        return core->fpu_open != (core->fpu_owner == t);
}

static inline void fpu_enter(struct core *core, struct thread *t)
{
        if (fpu_changes(core, t))
                fpu_open_for(core, t);
}

/* As `t` may find the FPU: open for the owner, unless its flag forbids it. */
static inline bool fpu_fits(const struct core *core, const struct thread *t)
{
        return core->fpu_open == (core->fpu_owner == t && !(t->flags & THREAD_FPU_DISABLED));
}

/* The registers of `t`, if it owns them, are saved and nobody owns the FPU. */
void fpu_release(struct thread *t);
