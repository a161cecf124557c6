/* SPDX-License-Identifier: BSD-2-Clause */
/* The front door and the only way out.
 *
 * Level 8.  arch/<machine> has stored the user registers in the current thread's context (or there is no current
 * thread, while idle) and calls one of these; each answers the context of the thread to run next.  When nobody can
 * run, the kernel waits for interrupts inside (trap/leave.c).
 */
#pragma once

#include "thread/thread.h"

/* svc: context.pc is the instruction after it. */
struct context *trap_syscall(void);

/* Any other synchronous exception: ESR_EL1 and FAR_EL1; context.pc is the faulting instruction. */
struct context *trap_exception(word syndrome, word address);

/* An interrupt is pending. */
struct context *trap_interrupt(void);

/* The first time out, after boot. */
struct context *trap_first(void);
