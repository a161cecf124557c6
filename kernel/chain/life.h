/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a thread: stopped, started, cancelled, retired.
 *
 * Level 8, because whoever ends a thread undoes what it is bound to.  It is made in thread/thread.h.
 */
#pragma once

#include "thread/thread.h"

/* Remove the thread from whatever it waits for: queues, reply object, fault.  It becomes INACTIVE if it was blocked.
 * No scheduling context is returned (spec ipc.md 14.1).  Cost: constant. */
void thread_cancel(struct thread *t);

/* spec ipc.md 14.2 and 14.3 */
void thread_suspend(struct thread *t);
void thread_resume(struct thread *t);

/* The last cap is gone: everything but the five slots is undone (spec ipc.md 14.7). */
void thread_retire(struct thread *t);

/* A blocked thread whose object went away repeats its system call, or stops if it was sending a fault (ipc.md 14.4). */
void thread_send_away(struct thread *t);

/* The thread became runnable: it gets time if it has any (wake rule; sporadic contexts advance). */
void thread_wake(struct thread *t);
