/* SPDX-License-Identifier: BSD-2-Clause */
/* The address space that the machine uses for user level.
 *
 * Level 9.  A space is one word as the machine wants it: ASID << 48 | physical address of the root, or 0 for none.
 * this_core()->space is the one in use; it is never a VSpace that has lost its number.
 * Each thread remembers its own, and in which era it was found.  An era ends whenever a VSpace cap or the number of a
 * VSpace goes, so within one era what a thread remembers stays true (space_era_ends); a thread that gets another VSpace
 * cap forgets (space_forget).
 */
#pragma once

#include "arch/arch.h"
#include "thread/thread.h"

static const word SPACE_ERA_NEVER = ~(word)0;

/* The thread's VSpace slot was written. */
static inline void space_forget(struct thread *t)
{
        t->space_era = SPACE_ERA_NEVER;
        this_core()->reload = true;
}

/* A VSpace cap or a number has gone. */
static inline void space_era_ends(void)
{
        kernel.space_era++;
        this_core()->reload = true;
}

/* What a thread remembers of `era` is true, and a space. */
static inline bool space_is_known(word era)
{
        return era == kernel.space_era;
}

/* Use the VSpace of `t` from now on, or none when its cap is missing or has no valid number. */
void space_enter(struct core *core, struct thread *t);

/* The same where it is known: one register write, and only when the space is another one. */
static inline void space_enter_known(struct core *core, word space)
{
        if (space == core->space)
                return;
        core->space = space;
        arch_space_write(space);
}

/* Use none while nobody runs. */
void space_rest(struct core *core);

/* If the VSpace with this number is in use here, use none. */
void space_leave(word asid);

/* No other core uses a space whose number has the bits `known` of this one: neither its registers nor its thread, which finds out
 * when it runs again. */
void space_leave_elsewhere(word number, word known);

/* The same for the numbers of the pool that begins with `first`. */
void space_leave_pool(word first);
