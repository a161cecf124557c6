/* SPDX-License-Identifier: BSD-2-Clause */
/* The way into the kernel, and the only way out.
 *
 * Level 15.  arch/<machine> has stored the user registers in the current thread's context (or there is no current
 * thread, while idle) and calls one of these; each returns the context of the thread to run next.  When nobody can
 * run, the kernel waits for interrupts inside (trap/leave.c).
 */
#pragma once

#include "thread/thread.h"

/* svc by thread `t`: context.pc is the instruction after it.  The machine has looked at x7 already, and hands over what
 * it has in its registers: x0, x1.  trap_syscall reads all of it from the context. */
starts_a_line struct context *trap_call(word cptr, word info, struct thread *t);
starts_a_line struct context *trap_reply_recv(word cptr, word info, struct thread *t);
starts_a_line struct context *trap_other_syscall(word cptr, word info, struct thread *t, int64_t number);
struct context *trap_syscall(void);

/* Past the door (door/local.h) Call and ReplyRecv are the same; what cannot go on there ends in door_again. */
struct context *local_other_syscall(word cptr, word info, struct thread *t, int64_t number);

/* An interrupt past the door: what is due at home here is done, and who runs next chosen; the interrupt itself is neither looked at nor
 * claimed, and ends with a new deadline if it was the timer's.  NULL: nothing was written but the clock. */
struct context *local_interrupt(void);

/* Any other synchronous exception: ESR_EL1 and FAR_EL1; context.pc is the faulting instruction. */
starts_a_line struct context *trap_exception(word syndrome, word address);

/* An interrupt is pending. */
starts_a_line struct context *trap_interrupt(void);

/* The same two at EL2: the syndrome and the address are ESR_EL2 and FAR_EL2. */
struct context *trap_exception_el2(word syndrome, word address);
struct context *trap_interrupt_el2(void);

/* The first time out, after boot. */
struct context *trap_first(void);
