/* SPDX-License-Identifier: BSD-2-Clause */
/* Lazy switching of FP state.  Owns core->fpu_owner. */
#include "trap/fpu.h"
#include "arch/arch.h"

void fpu_enter(const struct thread *t)
{
        arch_fpu_enable(this_core()->fpu_owner == t && !(t->flags & THREAD_FPU_DISABLED));
}

void fpu_release(struct thread *t)
{
        struct core *core = this_core();

        if (core->fpu_owner != t)
                return;
        arch_fpu_enable(true);
        arch_fpu_save(&t->fpu);
        core->fpu_owner = NULL;
}

bool fpu_take(struct thread *t)
{
        struct core *core = this_core();

        if (t->flags & THREAD_FPU_DISABLED)
                return false;
        if (core->fpu_owner && core->fpu_owner != t)
                fpu_release(core->fpu_owner);
        arch_fpu_enable(true);
        arch_fpu_load(&t->fpu);
        core->fpu_owner = t;
        return true;
}
