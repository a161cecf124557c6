/* SPDX-License-Identifier: BSD-2-Clause */
/* What the debug system calls and the debug build print.  Level 14: sees everything, changes nothing.
 *
 * All of them print nothing in release builds.
 */
#pragma once

#include "cap/cap_memory.h"

struct thread;

/* The name of a kind of capability; NULL: there is no such kind. */
const char *dump_kind_name(enum cap_kind kind);

/* One line per thread, newest first (seL4_DebugDumpScheduler). */
void dump_scheduler(void);

/* Every object and every cap that can be found from the threads, as a capDL-like text (seL4_DebugSnapshot).
 * Cost: linear in the slots of all CNodes met. */
void dump_snapshot(void);
