/* SPDX-License-Identifier: BSD-2-Clause */
/* Switching of FP state.  Owns core->fpu_owner and core->fpu_open. */
#include "thread/fpu.h"
#include "arch/arch.h"

static void set_open(struct core *core, bool open)
{
        core->fpu_open = open;
        arch_fpu_enable(open);
}

/* `t`, which may use the registers, owns them from now on. */
static void hand_over(struct core *core, struct thread *t)
{
        if (core->fpu_owner)
                arch_fpu_save(&core->fpu_owner->fpu);
        arch_fpu_load(&t->fpu);
        core->fpu_owner = t;
        if (!core->fpu_open)
                set_open(core, true);
}

void fpu_open_for(struct core *core, struct thread *t)
{
        bool allowed = !(t->flags & THREAD_FPU_DISABLED);

        if (core->fpu_owner != t && t->fpu_turns > 0 && allowed) {
                t->fpu_turns--;
                hand_over(core, t);
        } else {
                set_open(core, core->fpu_owner == t && allowed);
        }
}

void fpu_release(struct thread *t)
{
        struct core *core = this_core();

        if (core->fpu_owner != t)
                return;
        arch_fpu_save(&t->fpu);
        core->fpu_owner = NULL;
        set_open(core, false); /* whoever runs next does not own them, also when no decision follows */
}

bool fpu_take(struct thread *t)
{
        struct core *core = this_core();

        if (t->flags & THREAD_FPU_DISABLED)
                return false;
        t->fpu_turns = FPU_TURNS;
        if (core->fpu_owner == t)
                set_open(core, true);
        else
                hand_over(core, t);
        return true;
}
