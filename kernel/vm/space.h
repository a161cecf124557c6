/* SPDX-License-Identifier: BSD-2-Clause */
/* The address space that the machine uses for user level.
 *
 * Level 4.  this_core()->space says which one that is: ASID << 48 | physical address of the root, or 0 for none.  It
 * is never a VSpace that has lost its number, so finding a thread's own value there proves it valid.
 */
#pragma once

#include "thread/thread.h"

/* What core->space holds while the VSpace of `t` is in use; other values when `t` has none. */
static inline word space_of(const struct thread *t)
{
        struct cap c = t->slot[TCB_VSPACE].cap;

        return cap_kind(c) == CAP_VSPACE ? c.b << 48 | paddr_of(cap_object(c)) : 0;
}

/* The slow part of space_enter. */
void space_switch(const struct thread *t);

/* Use the VSpace of `t` from now on, or none when its cap is missing or has no valid number.  Cost: two loads when it
 * is in use already. */
static inline void space_enter(const struct thread *t)
{
        if (space_of(t) != this_core()->space)
                space_switch(t);
}

/* If the VSpace with this number is in use, use none. */
void space_leave(word asid);
