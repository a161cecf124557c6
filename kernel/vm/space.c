/* SPDX-License-Identifier: BSD-2-Clause */
/* The address space in use (see space.h). */
#include "vm/space.h"
#include "arch/arch.h"
#include "vm/asid.h"

static void use_none(struct core *core)
{
        if (core->space == 0)
                return;
        core->space = 0;
        arch_space_leave();
}

void space_switch(const struct thread *t)
{
        struct cap c = t->slot[TCB_VSPACE].cap;
        bool valid = cap_kind(c) == CAP_VSPACE && asid_root(c.b) == cap_object(c);

        if (!valid) {
                use_none(this_core());
                return;
        }
        this_core()->space = space_of(t);
        arch_space_enter(paddr_of(cap_object(c)), c.b);
}

void space_leave(word asid)
{
        if (this_core()->space >> 48 == asid)
                use_none(this_core());
}
