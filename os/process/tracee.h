/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that another process traces, as ptrace of Linux has it (the requests are in os/calls/linux/process).
 *
 * A tracee that has stopped is held (process_halts), each thread for itself, until its tracer lets it go.  Where it stops: before and
 * behind calls (call_posix), where it would take a signal (signal.c), at faults (fault.c), with its process (job.c), and at what the
 * options name.  All threads of the tracer may make requests.  Others only look whether there is a tracer.
 *
 * While it stands behind a call its registers are final (CALL_SWITCHED); a call that has not ended has its own (struct call).
 */
#pragma once

#include "os/process/process.h"

enum {
        TRACEE_FORK = 1,
        TRACEE_VFORK = 2,
        TRACEE_CLONE = 3,
        TRACEE_EXEC = 4,
        TRACEE_VFORK_DONE = 5,
        TRACEE_ENDS = 6,
        TRACEE_STOPPED = 128,

        TRACEE_TELLS_CALLS = 1, /* options; an event's is 1 << event */
        TRACEE_FILTER = 7,      /* a filter of calls asks for it */
        TRACEE_KILL = 1 << 20,
        TRACEE_OPTIONS = TRACEE_KILL | 0xff,

        TRACEE_NOTICES = 2048, /* threads that are traced, and those whose end was not heard of */
        TRACEE_SHARE = TRACEE_NOTICES / 4 * 3, /* of one tracer, with its processes */
};

/* Is one of the process's threads traced? */
bool tracee_some(const struct process *l);

/* From now on: 0, -SOS_EPERM when it is traced or debugged already or may not be, -SOS_EAGAIN.  The last one stops it if its process is. */
long tracee_begin(struct process *t, struct process *tracer, uint32_t options, bool seized);
void tracee_begins_stopped(struct process *t);

/* It goes on, with a signal (0: none); false: the core makes no single steps. */
bool tracee_go(struct process *t, enum tracee_mode mode, int signal);
void tracee_detach(struct process *t, int signal);

/* One that was seized is to stop; it is to hear of changes while it stays stopped. */
void tracee_interrupt(struct process *t);
void tracee_listen(struct process *t);

/* Has it stopped, so that requests are possible? */
static inline bool tracee_stands(const struct process *t)
{
        return t->tracee.stop && !t->tracee.listens;
}

/* It is in a call that has not ended: with registers of its own. */
bool tracee_in_call(const struct process *t);

/* A call begins, or is tried again: false when it stops first.  It has ended or waits: true when it stops. */
bool tracee_enters(struct process *p);
bool tracee_leaves(struct process *p);

/* It has stopped before a call, because it is one, or because of a filter. */
bool tracee_before_call(const struct process *t);

/* A filter of calls wants it to hear of the one that comes, with a number: false when it does not want that itself. */
bool tracee_filtered(struct process *p, unsigned number);

/* Before a signal is taken: true when it stops instead, and what it takes; the same for the signal that was taken, and for one that is its
 * own doing. */
bool tracee_traps(struct process *p);
uint64_t tracee_wanted(struct process *p);
bool tracee_signal(struct process *p, const struct signal_cause *cause);
bool tracee_fault(struct process *p, const struct signal_cause *cause);

/* Its process stops, with that signal, or goes on. */
void tracee_group(struct process *t);
void tracees_continue(struct process *l);

/* A call has made a child, with flags of clone, that does not run yet; a child made by vfork has given its memory back. */
void tracee_child(struct process *p, struct process *child, seL4_Word flags);
void tracee_vfork_done(struct process *p, int child);

/* May that tracer have one more thread?  Some notices are left for others. */
bool tracee_room(const struct process *tracer);

/* The new program is about to begin; `former`: the thread that has asked for it. */
void tracee_program(struct process *l);
void tracee_moves(struct process *from, struct process *to);

/* It is about to end, with that status: true when it stops first. */
bool tracee_ends(struct process *p, int status);
bool tracee_dies(struct process *p, int signal);

/* A thread, or a process, has gone.  True: its parent is not told yet, for its tracer has to hear of it first. */
void tracee_thread_gone(struct process *t);
bool tracee_gone(struct process *l);

/* Its tracer has heard of it, or will not: it is traced no longer. */
void tracee_reaped(struct process *l);
void tracee_forget(struct process *t);

/* A tracer ends; a piece of it.  True: that was all. */
bool tracees_lose(struct process *tracer);

/* The next thread that has gone and whose tracer has not heard of it, by number (-1: any): NULL: none. */
struct tracee_notice {
        int thread, tracer, group, status;
};
struct tracee_notice *tracee_notice(const struct process *tracer, int pid);
void tracee_noticed(struct process *tracer, struct tracee_notice *n);
