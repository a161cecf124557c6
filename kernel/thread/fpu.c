/* SPDX-License-Identifier: BSD-2-Clause */
/* Lazy switching of FP state.  Owns core->fpu_owner and core->fpu_open. */
#include "thread/fpu.h"
#include "arch/arch.h"

static void set_open(struct core *core, bool open)
{
        core->fpu_open = open;
        arch_fpu_enable(open);
}

void fpu_open_for(struct core *core, const struct thread *t)
{
        set_open(core, core->fpu_owner == t && !(t->flags & THREAD_FPU_DISABLED));
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
        if (core->fpu_owner && core->fpu_owner != t)
                fpu_release(core->fpu_owner);
        set_open(core, true);
        arch_fpu_load(&t->fpu);
        core->fpu_owner = t;
        return true;
}
