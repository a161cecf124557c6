/* SPDX-License-Identifier: BSD-2-Clause */
/* The address space in use (see space.h). */
#include "vm/space.h"
#include "arch/arch.h"
#include "sched/cores.h"
#include "thread/debugged.h"
#include "vm/asid.h"

static void use_none(struct core *core)
{
        if (core->space == 0)
                return;
        core->space = 0;
        arch_space_leave();
}

__attribute__((noinline, cold)) void space_leave_elsewhere(word number, word known)
{
        for (word n = 0; n < kernel.cores; n++) {
                struct core *core = kernel.peer[n];

                if (n == this_core()->number || core->space == 0 ||
                    ((core->space >> 48 ^ number) & known) != 0)
                        continue;
                if (core->current)
                        cores_stop(core->current);
                core->space = 0;
        }
}

void space_rest(struct core *core)
{
        use_none(core);
}

/* On a machine with numbers of 8 bits, 256 of ours share one: a space that takes over a number finds none of the other's entries in the
 * TLB, and what threads remember of the other becomes invalid.  The walker leaves the old space first, or it could bring back what was just
 * forgotten. */
static void take_number(word asid)
{
        uint16_t *user = &kernel.asid_user[asid & ones(ASID_SHORT)];

        if (*user == asid)
                return;
        if (*user != 0)
                space_era_ends();
        use_none(this_core());
        if (several_cores())
                space_leave_elsewhere(asid, ones(ASID_SHORT));
        arch_tlb_drop_space(asid);
        *user = (uint16_t)asid;
}

/* Look again: it depends on the cap in slot TCB_VSPACE, and on whether its number still means the same tables. */
static void find(struct thread *t)
{
        struct cap c = t->slot[TCB_VSPACE].cap;
        bool valid = cap_kind(c) == CAP_VSPACE && asid_root(vspace_asid(c)) == cap_object(c);

        /* what debugged threads remember is never true (thread/debugged.h) */
        t->space = valid ? vspace_asid(c) << 48 | paddr_of(cap_object(c)) : 0;
        t->space_era = valid && !(t->flags & THREAD_DEBUGGED) ? kernel.space_era : SPACE_ERA_NEVER;
}

void space_enter(struct core *core, struct thread *t)
{
        if (!space_is_known(t->space_era)) {
                find(t);
                if (kernel.asid_bits == ASID_SHORT && t->space != 0)
                        take_number(t->space >> 48);
                if (rarely(t->flags & THREAD_DEBUGGED))
                        debugged_enter(core, t);
        }
        if (t->space == 0) {
                use_none(core);
        } else if (t->space != core->space) {
                core->space = t->space;
                arch_space_enter(t->space & ones(48), t->space >> 48);
        }
}

void space_leave(word asid)
{
        if (this_core()->space >> 48 == asid)
                use_none(this_core());
}

void space_leave_pool(word first)
{
        if (this_core()->space >> 48 >> ASID_POOL_BITS == first >> ASID_POOL_BITS)
                use_none(this_core());
}
