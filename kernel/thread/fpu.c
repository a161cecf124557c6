/* SPDX-License-Identifier: BSD-2-Clause */
/* Switching of FP state.  Owns core->fpu_owner and core->fpu_open. */
#include "thread/fpu.h"
#include "arch/arch.h"

/* `t`, which may use the registers, owns them from now on. */
static inline void hand_over(struct core *core, struct thread *t)
{
        if (core->fpu_owner)
                arch_fpu_save(&core->fpu_owner->fpu);
        arch_fpu_load(&t->fpu);
        core->fpu_owner = t;
        if (!core->fpu_open)
                fpu_set_open(core, true);
}

void fpu_give_again(struct core *core, struct thread *t)
{
        t->fpu_turns--;
        hand_over(core, t);
}

void fpu_open_for(struct core *core, struct thread *t)
{
        if (fpu_is_due(core, t))
                fpu_give_again(core, t);
        else
                fpu_set_open(core, core->fpu_owner == t && !(t->flags & THREAD_FPU_DISABLED));
}

void fpu_release(struct thread *t)
{
        struct core *core = this_core();

        if (core->fpu_owner != t)
                return;
        arch_fpu_save(&t->fpu);
        core->fpu_owner = NULL;
        fpu_set_open(core, false); /* whoever runs next does not own them, also when no decision follows */
}

bool fpu_take(struct thread *t)
{
        struct core *core = this_core();

        if (t->flags & THREAD_FPU_DISABLED)
                return false;
        if (++t->fpu_traps == FPU_TRAPS) {
                t->fpu_traps = FPU_TRAPS - 1;
                t->fpu_turns = FPU_TURNS;
        }
        if (core->fpu_owner == t)
                fpu_set_open(core, true);
        else
                hand_over(core, t);
        return true;
}
