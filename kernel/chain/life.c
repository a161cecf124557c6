/* SPDX-License-Identifier: BSD-2-Clause */
/* See life.h. */
#include "chain/life.h"
#include "chain/binding.h"
#include "chain/donation.h"
#include "chain/reply.h"
#include "core/panic.h"
#include "sched/sched.h"

void thread_cancel(struct thread *t)
{
        t->fault.type = FAULT_NONE;
        t->interrupted = false;
        switch ((enum thread_state)t->state) {
        case SENDING:
        case LISTENING:
                waitq_leave(t->waiting_at, t);
                break;
        case RECEIVING:
                waitq_leave(t->waiting_at, t);
                if (t->reply)
                        reply_detach(t->reply);
                break;
        case AWAITING_REPLY:
                reply_cut(t->reply);
                break;
        case INACTIVE:
        case RUNNING:
        case RESTARTING:
                return;
        }
        t->waiting_at = NULL;
        t->state = INACTIVE;
}

/* Restart.  A thread can be stopped in the midst of a system call: while it waits, or at a preemption point of a long invocation.
 * All that is kept of a call are the registers it came with, so continuing means making the call again: `restart` is the
 * address of its svc, `pc` the one behind it.  RESTARTING is the state of a thread that is to begin at `restart` when it
 * is next chosen; RUNNING, that of one that goes on at `pc`.  Hence all calls that can be preempted find by looking what
 * is left to do (a half-cleared untyped, an endpoint with fewer waiters), and a call that has had its effect never becomes
 * RESTARTING.  For a thread that was stopped between calls both addresses are the same. */
void thread_suspend(struct thread *t)
{
        thread_cancel(t);
        if (t->state == RUNNING)
                t->context.restart = t->context.pc;
        t->state = INACTIVE;
        sched_remove(t);
        if (t->yielding_to) {
                t->yielding_to->yielder = NULL;
                t->yielding_to = NULL;
        }
}

void thread_wake(struct thread *t)
{
        if (!t->sc)
                return;
        sc_thread_woken(t->sc);
        sched_wake(t);
}

void thread_resume(struct thread *t)
{
        if (thread_is_runnable(t))
                return;
        thread_cancel(t);
        t->state = RESTARTING;
        thread_wake(t);
}

void thread_send_away(struct thread *t)
{
        bool faulting = t->fault.type != FAULT_NONE;

        thread_cancel(t);
        if (faulting)
                return;
        t->state = RESTARTING;
        thread_wake(t);
}

void thread_retire(struct thread *t)
{
        struct core *core = this_core();

        if (t->bound)
                notification_unbind_thread(t->bound);
        if (t->sc) {
                if (t->sc->yielder)
                        sc_complete_yield(t->sc);
                sc_unbind_thread(t->sc);
        }
        thread_suspend(t);
        if (core->fpu_owner == t)
                core->fpu_owner = NULL;
        if (THREADS_LISTED)
                thread_unlist(t);
}
