/* SPDX-License-Identifier: BSD-2-Clause */
/* FP and SIMD registers stay with the thread that used them last; whoever uses them next traps once.  After some FPU_TRAPS of
 * such traps it gets them at once FPU_TURNS times, when it runs while another thread owns them: a trap costs three times as much as moving
 * them, and threads that take turns computing would trap each time.  Then it has to trap again, so a thread that has stopped using them
 * does not get them for ever. */
#pragma once

#include "arch/arch.h"
#include "thread/thread.h"

enum { FPU_TRAPS = 3, FPU_TURNS = 30 };

/* `t` used the FPU and does not own it: switch it to `t`.  False if the thread's flag forbids it. */
bool fpu_take(struct thread *t);

/* The owner's registers are saved, and nobody owns the machine's. */
void fpu_keep(struct core *core);

static inline void fpu_set_open(struct core *core, bool open)
{
        core->fpu_open = open;
        arch_fpu_enable(open);
}

/* Open or close the FPU for `t`, which runs next, or switch it to `t`.  `owner_ran`: the FPU is open, which it is only for `owner`, who
 * owns the registers, and `t` is another thread.  Returns the context of `t`. */
struct context *fpu_open_for(struct core *core, struct thread *t, struct thread *owner, word owner_ran);

/* `t` is about to run: nothing changes while neither it nor the thread before it owns the registers. */
static inline __attribute__((always_inline)) struct context *fpu_enter(struct core *core, struct thread *t)
{
        struct thread *owner = core->fpu_owner;
        bool open = core->fpu_open;

        return rarely(open != (owner == t)) ? fpu_open_for(core, t, owner, open) : &t->context;
}

/* How `t` may find the FPU: open for the owner, unless its flag forbids it. */
static inline bool fpu_fits(const struct core *core, const struct thread *t)
{
        return core->fpu_open == (core->fpu_owner == t && !(t->flags & THREAD_FPU_DISABLED));
}

/* The registers of `t`, if it owns them, are saved and nobody owns the FPU. */
void fpu_release(struct thread *t);
