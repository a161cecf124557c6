/* SPDX-License-Identifier: BSD-2-Clause */
/* See job.h. */
#include "os/process/job.h"
#include "os/process/charge.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/tracee.h"
#include "os/process/users.h"

bool job_stops(int signal)
{
        enum { LAST = SIGNAL_STOP + 3 }; /* by hand, or for the terminal */

        return signal >= SIGNAL_STOP && signal <= LAST;
}

static void tell_parent(struct process *l, int code, int status)
{
        struct process *parent = process_find(l->parent);
        struct signal_cause cause = {
                .signal = SIGNAL_CHLD, .code = code, .address = user_of_cause(l), .value = (seL4_Word)status};

        if (!parent || !process_lives(parent))
                return;
        wait_wake(&parent->waits.children);
        if (!(parent->handlers->action[SIGNAL_CHLD - 1].flags & SA_NOCLDSTOP))
                signal_send_cause(parent, &cause, false);
}

void job_stop(struct process *l, int signal)
{
        struct process *t = l;

        if (l->job.stopped)
                return;
        l->job.stopped = signal;
        l->job.tell_stop = true;
        l->job.tell_continue = false;
        do {
                if (t->tracee.tracer && thread_lives(t))
                        tracee_group(t);
                else if (!t->job.held)
                        t->job.halted = t->state == PROCESS_RUNNING && !signal_serves(t) &&
                                        !seL4_TCB_Suspend(t->kernel.tcb.cap);
                t = t->ring.next;
        } while (t != l);
        tell_parent(l, CHILD_STOPPED, signal);
}

void job_continue(struct process *l)
{
        struct process *t = l;

        if (!l->job.stopped)
                return;
        l->job.stopped = 0;
        l->job.tell_stop = false;
        l->job.tell_continue = true;
        do {
                if (!process_halts(t) && t->job.halted && t->state == PROCESS_RUNNING)
                        charge_resume(t);
                if (!process_halts(t))
                        t->job.halted = false;
                if (thread_lives(t))
                        wait_ring(&t->call.waiter);
                t = t->ring.next;
        } while (t != l);
        tell_parent(l, CHILD_CONTINUED, SIGNAL_CONT);
}
