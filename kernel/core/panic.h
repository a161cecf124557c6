/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold, and what happens when it does not.
 *
 * ASSERT is for the kernel's own invariants, in debug builds; MUST is for the few that are cheap enough to keep
 * in release builds, which stop without a message: a trapping instruction, for which arch_bug prints place and registers
 * (messages would take 700 bytes).  Neither is ever reached by anything a user program does: user mistakes are refusals.
 */
#pragma once

#include "core/word.h"

/* Print what, where and the current thread, then stop the machine. */
_Noreturn void panic(const char *what, const char *file, int line);

#define MUST(x)   ((x) ? (void)0 : DEBUG_BUILD ? panic(#x, __FILE__, __LINE__) : __builtin_trap())
#define ASSERT(x) ((!DEBUG_BUILD || (x)) ? (void)0 : panic(#x, __FILE__, __LINE__))
