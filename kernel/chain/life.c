/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a thread: made, stopped, started, cancelled, retired. */
#include "thread/thread.h"
#include "core/panic.h"
#include "chain/binding.h"
#include "chain/reply.h"
#include "sched/sched.h"

_Static_assert(offsetof(struct thread, context) == 0, "vectors.S takes the context for the thread");

static void list_all(struct thread *t)
{
        t->all_prev = NULL;
        t->all_next = kernel.threads;
        if (t->all_next)
                t->all_next->all_prev = t;
        kernel.threads = t;
}

static void unlist(struct thread *t)
{
        if (t->all_next)
                t->all_next->all_prev = t->all_prev;
        if (t->all_prev)
                t->all_prev->all_next = t->all_next;
        else
                kernel.threads = t->all_next;
        t->all_next = t->all_prev = NULL;
}

void thread_init_row(void *first, word n)
{
        word domain = this_core()->domain_born;

        if (THREADS_LISTED || DEBUG_BUILD) {
                for (word i = 0; i < n; i++)
                        thread_init((struct thread *)((word)first + (i << TCB_BITS)));
                return;
        }
#pragma GCC unroll 4
        for (word at = (word)first, end = at + (n << TCB_BITS); at < end; at += bit(TCB_BITS)) {
                struct thread *t = (struct thread *)at;

                t->context.spsr = SPSR_USER;
                t->space_era = ~(word)0;
                t->domain = (uint8_t)domain;
        }
}

void thread_init(struct thread *t)
{
        const struct thread *creator = this_core()->current;

        t->context.spsr = SPSR_USER;
        t->space_era = ~(word)0;
        t->domain = (uint8_t)this_core()->domain_born;
        if (THREADS_LISTED)
                list_all(t);
        if (!DEBUG_BUILD || !creator)
                return;
        thread_set_name(t, "child of: '");
        word end = 11;
        for (word i = 0; creator->name[i] && end < THREAD_NAME_MAX - 2; i++)
                t->name[end++] = creator->name[i];
        t->name[end++] = '\'';
        t->name[end] = '\0';
}

void thread_set_name(struct thread *t, const char *name)
{
        word i = 0;

        for (; name[i] && i < THREAD_NAME_MAX - 1; i++)
                t->name[i] = name[i];
        t->name[i] = '\0';
}

void thread_keep_progress(struct thread *t, const struct progress *p)
{
        t->fault.progress = *p;
        t->interrupted = true;
}

void thread_go_on(struct thread *t, struct progress *p)
{
        struct progress *kept = &t->fault.progress;

        if (!t->interrupted)
                return;
        if (kept->what == p->what && kept->start == p->start && kept->end == p->end)
                p->at = kept->at;
        *kept = (struct progress){0};
        t->interrupted = false;
}

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
 * Nothing is kept of a call but the registers with which it came, so going on means to make the call once more: `restart` is the
 * address of its svc, `pc` the one behind it.  RESTARTING is the state of a thread that shall begin at `restart` when it
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
                unlist(t);
}

enum { BUFFER_UNKNOWN = 1 }; /* no cap begins like this */

void thread_set_buffer(struct thread *t, word address)
{
        t->buffer_address = address;
        t->buffer_cap = BUFFER_UNKNOWN;
}

word *thread_find_buffer(struct thread *t, word rights)
{
        struct cap c = t->slot[TCB_BUFFER].cap;

        if (cap_kind(c) != CAP_FRAME || frame_is_device(c) || (frame_rights(c) & rights) != rights)
                return NULL;
        word *found = window(cap_address(c) + (t->buffer_address & ones(frame_bits(c))));
        if (frame_rights(c) == (RIGHT_READ | RIGHT_WRITE)) {
                t->buffer_cap = c.a;
                t->buffer = found;
        }
        return found;
}
