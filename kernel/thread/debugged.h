/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads with single step or watchpoints of the core (TESSERA_TCBSetDebug).
 *
 * Level 6.  The debug registers of a core hold what its running thread has, or nothing (core->debugs).  A thread with THREAD_DEBUGGED has
 * THREAD_TRACED too, so it takes no short path out; and what it remembers of its space is never true, so no way in is short either
 * (vm/space.h).  So the others pay nothing: the long path out looks at core->watched in any case.
 */
#pragma once

#include "thread/thread.h"

/* What `t`, which runs nowhere, has from now on; nothing: it is like any other thread. */
void debugged_set(struct thread *t, const struct debug_state *d);

/* `t` runs next: its registers are in the machine. */
void debugged_enter(struct core *core, struct thread *t);

/* Whoever ran does not: nothing of it is. */
void debugged_leave(struct core *core);

/* It has an exception of that class, which ends a step; the word that the fault tells as its code. */
word debugged_exception(struct thread *t, word class, word address);
