/* SPDX-License-Identifier: BSD-2-Clause */
/* Local mode: a system call, or a timer interrupt, that touches only what is at home on its core goes past the door (docs/smp.md, "Local
 * mode").
 *
 * Level 3.  While core->local is set, nobody is inside the door, and other cores may be in local mode too.  So this core reads and
 * writes its own page, its threads that are ready or wait for budget, and what is at home here: a thread and its scheduling context (its
 * core), a reply object (that of its thread; an idle one has a mark, struct reply), an endpoint or notification (the core of the thread
 * that last came by the door to wait there).
 * Of all else it reads only what nobody writes without the door.  Where a thread is at home, and an object, changes inside the door only.
 *
 * The proof comes before the first store, that of the clock aside.  Whatever cannot prove enough starts again at the door.
 */
#pragma once

#include "core/home.h"
#include "face.h"

/* Only in local mode, with nothing written but the clock: the system call starts again at the door.  Does not return. */
struct context *door_again(void);

/* The same, and inside local_come_home is called first: a reply object that the receive offers comes home, if it is idle, and so does the
 * notification that is bound to the thread. */
struct context *door_again_and_home(void);
void local_come_home(void);

/* What is at home here says so, and nothing does while a letter is here. */
static inline word home_here(const struct core *core)
{
        const word *home = &core->home;

        return changing(home);
}

/* This core is in local mode; its caller cannot tell, since it is also called inside the door. */
static inline bool is_local(void)
{
        return several_cores() && this_core()->local;
}
