/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: who is traced, and how it goes on.  What a tracee is and has is in ptrace_state.c; see tracee.h. */
#include "os/calls/linux/process/ptrace.h"
#include "os/calls/linux/posix.h"
#include "os/process/debug.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"

/* Arguments: the request, the number of a thread, and two words. */
enum { REQUEST, THREAD, ADDRESS, DATA };

static long trace_me(struct process *p)
{
        struct process *parent = process_find(p->leader->parent);

        return parent && process_lives(parent) ? tracee_begin(p, parent, 0, false) : -SOS_EPERM;
}

static long attach(struct process *p, struct process *t)
{
        bool seize = p->call.argument[REQUEST] == PTRACE_SEIZE;
        seL4_Word options = seize ? p->call.argument[DATA] : 0;
        struct signal_cause stop = {.signal = SIGNAL_STOP, .code = SENT_BY_KERNEL};
        long error;

        if (seize && (p->call.argument[ADDRESS] || options & ~(seL4_Word)TRACEE_OPTIONS))
                return -SOS_EIO;
        if (!user_may_look(p, t, CAPABLE_TRACE))
                return -SOS_EPERM;
        error = tracee_begin(t, p->leader, (uint32_t)options, seize);
        if (error)
                return error;
        tracee_begins_stopped(t);
        if (!seize)
                signal_send_cause(t, &stop, true);
        return 0;
}

static long go(struct process *p, struct process *t)
{
        seL4_Word signal = p->call.argument[DATA], request = p->call.argument[REQUEST];

        if (signal > PROCESS_SIGNALS)
                return -SOS_EIO;
        if (request == PTRACE_DETACH)
                tracee_detach(t, (int)signal);
        else if (!tracee_go(t,
                            request == PTRACE_SYSCALL      ? TRACEE_CALLS
                            : request == PTRACE_SINGLESTEP ? TRACEE_STEP
                                                           : TRACEE_CONT,
                            (int)signal))
                return -SOS_EIO;
        return 0;
}

/* Only one that was seized; and that listens where it has stopped with its process. */
static long interrupt(struct process *p, struct process *t)
{
        bool listen = p->call.argument[REQUEST] == PTRACE_LISTEN;

        if (!t->tracee.seized || (listen && t->tracee.stop != TRACEE_TRAP))
                return -SOS_EIO;
        if (listen)
                tracee_listen(t);
        else
                tracee_interrupt(t);
        return 0;
}

static long kill(struct process *p, struct process *t)
{
        (void)p;
        signal_send(t, SIGNAL_KILL);
        return 0;
}

/* The tracee that a request is about: one of the caller's, which has stopped. */
static struct process *tracee_of(struct process *p, struct process *t)
{
        seL4_Word request = p->call.argument[REQUEST];

        if (t->tracee.tracer != p->leader->pid)
                return NULL;
        return tracee_stands(t) || request == PTRACE_KILL || request == PTRACE_INTERRUPT ? t : NULL;
}

static long serve(struct process *p, struct process *t)
{
        switch (p->call.argument[REQUEST]) {
        case PTRACE_CONT:
        case PTRACE_SYSCALL:
        case PTRACE_SINGLESTEP:
        case PTRACE_DETACH:
                return go(p, t);
        case PTRACE_INTERRUPT:
        case PTRACE_LISTEN:
                return interrupt(p, t);
        case PTRACE_KILL:
                return kill(p, t);
        default:
                return posix_ptrace_state(p, t);
        }
}

long posix_ptrace(struct process *p)
{
        seL4_Word request = p->call.argument[REQUEST];
        int number = (int)p->call.argument[THREAD];
        struct process *t = number > 0 ? thread_find(number) : NULL;

        if (request == PTRACE_TRACEME)
                return trace_me(p);
        if (!t || !thread_lives(t))
                return t && t->state == PROCESS_ZOMBIE && request == PTRACE_ATTACH ? -SOS_EPERM : -SOS_ESRCH;
        if (request == PTRACE_ATTACH || request == PTRACE_SEIZE)
                return attach(p, t);
        t = tracee_of(p, t);
        return t ? serve(p, t) : -SOS_ESRCH;
}
