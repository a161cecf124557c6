/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that are debugged by another process (sos/debug.h).
 *
 * A record says who debugs whom, where breakpoints are and what happened last; it lasts until the debugger has heard of the end of
 * the process, or either has gone.  A thread that is held does not run (process_halts), as in a stopped process, but on its own.
 * A breakpoint is an instruction in a page that belongs to the space alone.
 */
#pragma once

#include "os/process/process.h"
#include "sos/debug.h"

enum { DEBUGGED = 8, BREAKPOINTS = 64 };

struct debug;

/* The record of a process for its debugger; NULL when it debugs no such process.  Cost: DEBUGGED. */
struct debug *debug_of(const struct process *debugger, int pid);

/* 0, or -SOS_E*. */
long debug_attach(struct process *debugger, struct process *target, bool hold);
void debug_detach(struct debug *d);

/* All threads of it; all or one, whose fault becomes that signal. */
void debug_hold(struct process *l);
void debug_release(struct process *l, struct process *one, int signal);

/* Something happened that nobody has heard of yet. */
bool debug_waits(const struct debug *d);

/* What happened last, and then nothing. */
struct debug_event debug_take(struct debug *d);

/* 0, -SOS_EFAULT (or the page is on its way, swap_awaited), -SOS_ENOMEM when there are too many. */
long debug_break(struct debug *d, seL4_Word va);
long debug_unbreak(struct debug *d, seL4_Word va);

/* Memory without breakpoints: bytes, or -SOS_EFAULT. */
long debug_read(struct debug *d, seL4_Word va, void *to, seL4_Word size);
long debug_write(struct debug *d, seL4_Word va, const void *from, seL4_Word size);

/* The core's watchpoint `which` for all threads, which are held: 0, -SOS_ENOSYS, -SOS_EINVAL. */
long debug_watch(struct debug *d, seL4_Word which, seL4_Word address, seL4_Word control);

/* Once released, this thread makes one step; false when the core cannot. */
enum debug_steps { STEPS_NOT, STEPS_NEXT, STEPS_BEGUN };
bool debug_step(const struct debug *d, struct process *t);

/* A new thread of a process whose memory may be watched. */
void debug_new_thread(const struct process *t);

/* A thread would get a signal by its own doing: true when its debugger is to hear of that first, and all of the process is held.
 * `address`: what it would have accessed, of DEBUG_WATCHED. */
bool debug_stops(struct process *p, int signal, enum debug_why why, seL4_Word address);

/* It runs another program, and is held at its first instruction; it has ended. */
void debug_new_program(struct process *l);
void debug_ended(struct process *l);

/* Its memory was copied for a child, where no breakpoints are from now on; false when memory for that is missing. */
bool debug_copied(const struct process *l, struct space *copy);
