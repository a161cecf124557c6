/* SPDX-License-Identifier: BSD-2-Clause */
/* Switching of FP state.  Owns core->fpu_owner and core->fpu_open. */
#include "thread/fpu.h"
#include "arch/arch.h"

/* The registers of `owner` become those of `t`. */
static inline struct context *hand_over(struct core *core, struct thread *t, struct thread *owner)
{
        core->fpu_owner = t;
        return arch_fpu_exchange(&t->context, &t->fpu, &owner->fpu);
}

__attribute__((noinline, cold)) void fpu_keep(struct core *core)
{
        arch_fpu_save(&core->fpu_owner->fpu);
        core->fpu_owner = NULL;
}

/* Another thread runs, and no other core could fetch the owner's registers from here. */
static __attribute__((noinline, cold)) struct context *keep_and_close(struct core *core, struct thread *t)
{
        fpu_keep(core);
        fpu_set_open(core, false);
        return &t->context;
}

__attribute__((noinline)) struct context *fpu_open_for(struct core *core, struct thread *t,
                                                       struct thread *owner, word owner_ran)
{
        if (owner_ran && t->fpu_turns > 0) {
                t->fpu_turns--;
                return hand_over(core, t, owner);
        }
        bool open = owner == t && !(t->flags & THREAD_FPU_DISABLED);
        if (several_cores() && owner && !open)
                return keep_and_close(core, t);
        fpu_set_open(core, open);
        return &t->context;
}

void fpu_release(struct thread *t)
{
        struct core *core = this_core();

        if (core->fpu_owner != t)
                return;
        fpu_keep(core);
        fpu_set_open(core, false); /* whoever runs next does not own them, even when no decision follows */
}

bool fpu_take(struct thread *t)
{
        struct core *core = this_core();
        struct thread *owner = core->fpu_owner;

        if (t->flags & THREAD_FPU_DISABLED)
                return false;
        if (++t->fpu_traps == FPU_TRAPS) {
                t->fpu_traps = FPU_TRAPS - 1;
                t->fpu_turns = FPU_TURNS;
        }
        fpu_set_open(core, true);
        if (!owner) {
                core->fpu_owner = t;
                arch_fpu_load(&t->context, &t->fpu);
        } else if (owner != t) {
                hand_over(core, t, owner);
        }
        return true;
}
