/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending signals: who takes one; see signal.h.  Taking them is in signal.c. */
#include "os/process/job.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/signals/signal_queue.h"
#include "os/process/tracee.h"

/* A thread that can take the signal does so at once, or, if its call is being served, at the end of the call.  One that is traced has its
 * turn later: it may stop, which its tracer hears of by a signal, and that one may have a tracer, too. */
static void hand_over(struct process *t)
{
        if (t->state == PROCESS_WAITING || (t->state == PROCESS_RUNNING && t->tracee.tracer))
                wait_ring(&t->call.waiter);
        else if (t->state == PROCESS_RUNNING)
                signal_interrupt(t);
}

/* The one whose call is served, or the first that does not block the signal; NULL: none. */
static struct process *taker(struct process *l, int signal)
{
        struct process *t = l;

        if (signal_served() && signal_served()->leader == l &&
            !(signal_served()->signals.blocked & signal_flag(signal)))
                return signal_served();
        do {
                if (thread_lives(t) && !(t->signals.blocked & signal_flag(signal)))
                        return t;
                t = t->ring.next;
        } while (t != l);
        return NULL;
}

/* Those who read signals by signalfd or sigtimedwait wait here. */
static void wake_readers(struct process *l)
{
        wait_wake(&l->waits.signal_readers);
}

/* Of the thread, or of its process. */
static bool note(struct process *p, const struct signal_cause *cause, bool thread)
{
        struct signals *s = thread ? &p->signals : &p->leader->signals;
        uint64_t *set = thread ? &s->pending : &s->common;
        unsigned *queue = thread ? &s->queue : &s->common_queue;
        bool pending = *set & signal_flag(cause->signal);

        if (pending && cause->signal < SIGNAL_REAL_TIME && cause->code != SENT_BY_TIMER)
                return true;
        if (!signal_queue_add(queue, cause) && cause->signal >= SIGNAL_REAL_TIME &&
            cause->code == SENT_QUEUED)
                return false;
        *set |= signal_flag(cause->signal);
        return true;
}

/* It is pending now: the one that can take it does so, or those hear of it who read signals. */
static void tell(struct process *l, struct process *t, int signal)
{
        if (t && t == signal_served())
                return;
        if (t && !(t->signals.blocked & signal_flag(signal)))
                hand_over(t);
        else
                wake_readers(l);
}

/* The process whose call is served ends at the end of that. */
static void end_at_once(struct process *l, int signal)
{
        if (signal_served() && signal_served()->leader == l)
                l->signals.common |= signal_flag(signal);
        else
                process_kill(l, signal);
}

static void forget(struct process *l, int signal)
{
        struct process *t = l;

        l->signals.common &= ~signal_flag(signal);
        signal_queue_forget(&l->signals.common_queue, signal);
        do {
                t->signals.pending &= ~signal_flag(signal);
                signal_queue_forget(&t->signals.queue, signal);
                t = t->ring.next;
        } while (t != l);
}

/* A process that is to continue is no longer stopped, and the other way round. */
static void change_course(struct process *l, int signal)
{
        if (!l->kind.foreign)
                return;
        if (job_stops(signal)) {
                forget(l, SIGNAL_CONT);
                return;
        }
        if (signal != SIGNAL_CONT && signal != SIGNAL_KILL)
                return;
        for (int s = SIGNAL_STOP; job_stops(s); s++)
                forget(l, s);
        job_continue(l);
        if (signal == SIGNAL_CONT)
                tracees_continue(l);
}

/* Native programs have no handlers. */
static bool ends_at_once(const struct process *p, int signal)
{
        return signal == SIGNAL_KILL || (!p->kind.foreign && !signal_ignored(p, signal));
}

/* It may be handled later, or its tracer wants to know of it. */
static bool keeps_ignored(const struct process *p, int signal)
{
        return p->tracee.tracer || p->signals.blocked & signal_flag(signal);
}

bool signal_send_cause(struct process *p, const struct signal_cause *cause, bool thread)
{
        struct process *l = p->leader;
        int signal = cause->signal;

        if (!process_lives(l) || (thread && !thread_lives(p)))
                return true;
        change_course(l, signal);
        if (ends_at_once(p, signal)) {
                end_at_once(l, signal);
                return true;
        }
        if (signal_ignored(p, signal) && !keeps_ignored(thread ? p : l, signal))
                return true;
        if (!note(p, cause, thread))
                return false;
        tell(l, thread ? p : taker(l, signal), signal);
        return true;
}

void signal_send(struct process *p, int signal)
{
        signal_send_cause(p, &(struct signal_cause){.signal = signal, .code = SENT_BY_KERNEL}, false);
}
