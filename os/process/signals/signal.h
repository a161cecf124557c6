/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: sent here, to a process or to one of its threads, taken by a thread when it next returns from a call.
 *
 * A signal that is neither blocked nor ignored ends a call that waits (EINTR, or the call restarts for SA_RESTART); a
 * process of Linux that is not in a call is stopped and made to run its handler at once.  Native programs have no handlers:
 * what would end a Linux program ends them, the rest passes by.  Stopping and continuing are not supported.
 */
#pragma once

#include "os/process/process.h"
#include "os/process/signals/signal_cause.h"

enum {
        SIGNAL_HUP = 1,
        SIGNAL_INT = 2,
        SIGNAL_ILL = 4,
        SIGNAL_TRAP = 5,
        SIGNAL_BUS = 7,
        SIGNAL_FPE = 8,
        SIGNAL_KILL = 9,
        SIGNAL_SEGV = 11,
        SIGNAL_PIPE = 13,
        SIGNAL_ALRM = 14,
        SIGNAL_CHLD = 17,
        SIGNAL_CONT = 18,
        SIGNAL_STOP = 19,
        SIGNAL_TTIN = 21,
        SIGNAL_TTOU = 22,
        SIGNAL_FILE_SIZE = 25,
        SIGNAL_WINCH = 28,
        SIGNAL_IO = 29,
        SIGNAL_SYS = 31,
        SIGNAL_URG = 23,
        SIGNAL_REAL_TIME = 32, /* the first of those that are queued */
};

/* Instead of the address of a handler. */
enum { HANDLER_DEFAULT = 0, HANDLER_IGNORE = 1 };

/* The reason for a signal (signal_cause.h): codes of siginfo. */
enum {
        ILL_OPCODE = 1,
        TRAP_BREAKPOINT = 1,
        TRAP_TRACE = 2,
        SEGV_MISSING = 1,
        SEGV_ACCESS = 2,
        BUS_ALIGNMENT = 1,
        BUS_MISSING = 2
};
enum {
        SENT_BY_USER = 0,
        SENT_BY_KERNEL = 0x80,
        SENT_QUEUED = -1,
        SENT_BY_TIMER = -2,
        SENT_BY_QUEUE = -3,
        SENT_TO_THREAD = -6
};
enum { CHILD_EXITED = 1, CHILD_KILLED = 2, CHILD_TRAPPED = 4, CHILD_STOPPED = 5, CHILD_CONTINUED = 6 };
/* Send a signal (1..PROCESS_SIGNALS) to the process that `p` is a thread of; the process may be gone afterwards, unless it is the
 * one whose call is served.  The second one says more, and sends to this thread only; false: there is no room for the information, and the
 * signal is one that must not arrive without it. */
void signal_send(struct process *p, int signal);
bool signal_send_cause(struct process *p, const struct signal_cause *cause, bool thread);

/* Take one of those of a set that are pending for a thread; false when none is. */
bool signal_take(struct process *p, uint64_t set, struct signal_cause *cause);

/* What the handler gets, in siginfo. */
struct signal_frame;
void signal_tell(const struct signal_cause *cause, struct signal_frame *f);

/* Tell a parent that this child has ended; forgets the child if the parent does not want to be told. */
void signal_child(struct process *parent, struct process *child);

/* Ctrl-C: SIGINT to the group in the foreground. */
void signal_key(void);

/* The same for what was typed on pseudo terminals, or for their end (files/pty.h). */
void signal_terminals(void);

/* The owner of an open file hears what happened to it (numbers of siginfo): it can be read, or written; somebody wants its lease.  And all
 * owners of files that have news (files/told.h). */
struct file;
enum file_news { NEWS_READABLE = 1, NEWS_WRITABLE = 2, NEWS_MESSAGE = 3 };
void signal_owner(const struct file *f, enum file_news news);
void signal_files(void);

/* All signals that wait because of what happened to terminals and files.  While a call is served, or when nobody is about to get an
 * answer: a thread that waits for one cannot be interrupted. */
void signal_news(void);

/* A process ends, or lets go of its terminal: when it leads a session, that terminal is nobody's any more, and the group that had it
 * hears so (SIGHUP, SIGCONT). */
void signal_session_ends(const struct process *leader);

/* The group that the terminal belongs to; 0: the one that the first process waits for. */
void signal_foreground(int group);
int signal_foreground_group(void);

/* Send SIGALRM if it is due. */
void signal_alarm(struct process *p);

/* A handler for that; false when there is none: then the process cannot go on. */
bool signal_fault(struct process *p, const struct signal_cause *cause);

/* Another stack for handlers, as sigaltstack says it, for a program whose stack pointer is `sp`; 0 or -SOS_E*. */
struct frame_stack;
long signal_set_stack(struct process *p, const struct frame_stack *stack, seL4_Word sp);
struct frame_stack signal_stack(const struct process *p, seL4_Word sp);

/* The end of a call of `p`, or of a try: take a pending signal, if any, which changes the result. */
void signal_after(struct process *p);

/* Those that can be taken now. */
static inline uint64_t signals_due(const struct process *p)
{
        return (p->signals.pending | p->leader->signals.common) & ~p->signals.blocked;
}

/* Would one of them end what the thread waits for? */
bool signal_interrupts(const struct process *p);

/* The same as signal_after for a process that runs: a signal whose frame had to wait for the stack in swap. */
void signal_late(struct process *p);

/* Is a call of that thread served now? */
bool signal_serves(const struct process *p);

/* Begin and end the time in which a call of `p` is served. */
void signal_serving(struct process *p);

/* Wait with another mask (address of it, 0: none) until the call ends. */
bool signal_other_mask(struct process *p, seL4_Word va);

/* Handlers go back to the default, ignored signals stay ignored; and what else a program starts with after exec, and a child after fork. */
void signal_defaults(struct process *p);
void signals_for_exec(struct process *p);
void signals_for_fork(struct process *child, const struct process *parent, bool same_space);
