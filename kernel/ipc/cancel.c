/* SPDX-License-Identifier: BSD-2-Clause */
/* Releasing waiting threads, in steps (spec ipc.md 14.4, 14.5; docs/bounded.md): the end of an endpoint or
 * notification, and the cancellation of the senders with one badge.
 *
 * The order of wake-ups is that of one step: with several threads woken, each goes to the head of its queue, in front of
 * those woken before; a single one may find the running thread going on.  So `sched_force` says early that there are
 * several, and a cancellation leaves the first thread it finds in the queue until it meets another or the end.
 */
#include "chain/life.h"
#include "chain/reply.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "sched/sched.h"
#include "time/preempt.h"

/* Instructions per waiter sent away. */
enum { AWAY_COST = 60 };

/* What is left of a queue whose object dies: the zombie for several threads, nothing otherwise. */
__attribute__((noinline)) static struct cap retire_queue(struct waitq *q, word bits)
{
        struct thread *first = q->first;

        if (!first)
                return cap_null();
        if (waitq_next(first))
                return cap_zombie_queue(q, bits);
        thread_send_away(first);
        return cap_null();
}

struct cap endpoint_retire(struct endpoint *e)
{
        if (endpoint_mark(e))
                waitq_unmark(&e->holds); /* no interrupted cancellation can be continued any more */
        return retire_queue(&e->queue, ENDPOINT_BITS);
}

struct cap notification_retire(struct notification *n)
{
        if (n->bound)
                notification_unbind_thread(n);
        if (n->sc)
                notification_unbind_sc(n);
        return retire_queue(&n->waiters, NOTIFICATION_BITS);
}

/* One of several, after sched_force and out of its queue: what thread_send_away does. */
static inline void send_on(struct thread *t)
{
        t->waiting_at = NULL;
        if (t->reply)
                reply_detach(t->reply);
        if (t->fault.type != FAULT_NONE) {
                t->fault.type = FAULT_NONE;
                t->state = INACTIVE;
                return;
        }
        t->state = RESTARTING;
        sched_wake_among(t);
}

/* The same for `t` and those behind it in its class: all of them, or those with `badge` who come first; not more than what may
 * be done without a look at interrupts.  Others were in the queue when `t` joined it, or have joined since, and no walk has left a mark on
 * it.  Returns who is now where `t` was: `t` itself when its class is gone. */
static __attribute__((noinline)) struct thread *send_row_away(struct waitq *q, struct thread *t,
                                                              const word *badge, word *cost)
{
        struct thread *before = t->link.prev, *end = t;
        word done = 0, patience = this_core()->patience;

        do {
                struct thread *next = end->link.next;

                end->link.next = end->link.prev = NULL;
                send_on(end);
                end = next;
                done += AWAY_COST;
        } while (end != t && done < patience && end->wait_rank == WAIT_MEMBER &&
                 (!badge || end->send_badge == *badge));
        waitq_close_row(q, t, before, end);
        *cost += done;
        return end;
}

struct cap queue_retire(struct cap zombie)
{
        struct waitq *q = cap_object(zombie);

        sched_force();
        while (!waitq_is_empty(q)) {
                word cost = 0;

                if (waitq_is_alone(q->first)) {
                        thread_send_away(q->first);
                        break;
                }
                send_row_away(q, q->first, NULL, &cost);
                if (!waitq_is_empty(q) && preempt_point(cost))
                        return zombie;
        }
        return cap_null();
}

/* One more thread to release.  The first is held back until it is known whether there are more. */
static void cancel_one(struct thread *t, struct waitmark *m)
{
        if (!m->first && !m->several) {
                m->first = t;
                return;
        }
        sched_force();
        if (m->first)
                thread_send_away(m->first);
        thread_send_away(t);
        m->first = NULL;
        m->several = true;
}

/* `t` has the badge; who comes after it? */
static struct thread *cancel_some(struct endpoint *e, struct thread *t, struct waitmark *m, word *cost)
{
        if (!m->several || waitq_is_alone(t)) {
                struct thread *next = waitq_next(t);

                cancel_one(t, m);
                *cost += AWAY_COST;
                return next;
        }
        bool leads = t->wait_rank != WAIT_MEMBER;
        struct thread *before = t->link.prev, *after = leads ? waitq_next(before) : NULL;
        struct thread *end = send_row_away(&e->queue, t, &m->badge, cost);

        if (leads)
                return end == t ? after : end;
        return end->wait_rank == WAIT_MEMBER ? end : waitq_next(before);
}

/* Senders from `t` on.  AGAIN when it must stop; the queue then remembers where. */
static enum outcome cancel_from(struct endpoint *e, struct thread *t, struct waitmark m)
{
        word cost;

        while (t) {
                struct thread *at = waitq_seek(t, m.badge, &cost);

                t = at;
                if (at && at->send_badge == m.badge)
                        t = cancel_some(e, at, &m, &cost);
                if (t && preempt_point(cost)) {
                        waitq_mark(&e->holds, t, m);
                        return AGAIN;
                }
        }
        if (m.first)
                thread_send_away(m.first);
        return DONE;
}

enum outcome endpoint_cancel_on(struct endpoint *e)
{
        struct thread *t = endpoint_mark(e);

        return t ? cancel_from(e, t, waitq_unmark(&e->holds)) : DONE;
}

enum outcome endpoint_cancel_badged(struct endpoint *e, word badge)
{
        bool own = endpoint_cancels(e, badge);

        if (endpoint_cancel_on(e) == AGAIN)
                return AGAIN;
        if (own || waitq_is_empty(&e->queue) || endpoint_holds(e) != ENDPOINT_SENDERS)
                return DONE;
        return cancel_from(e, e->queue.first, (struct waitmark){.badge = badge});
}

bool send_is_cancelled(const struct thread *t)
{
        return endpoint_cancels((const struct endpoint *)t->waiting_at, t->send_badge);
}
