/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending waiting threads away, in steps (spec ipc.md 14.4, 14.5; docs/bounded.md): the end of an endpoint or
 * notification, and the cancellation of the senders with one badge.
 *
 * The order of wake-ups is that of one step: with several threads woken, each goes to the head of its queue, in front of
 * those woken before; a single one may find the running thread going on.  So `sched_force` says early that there are
 * several, and a cancellation leaves the first thread it finds in the queue until it meets another or the end.
 */
#include "core/preempt.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "thread/reply.h"
#include "thread/sched.h"

/* Instructions per waiter passed, per class of them, and per waiter sent away. */
enum { PASS_COST = 7, CLASS_COST = 28, AWAY_COST = 70 };

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

/* One of several, after sched_force: what thread_send_away does, for a thread known to wait in `q`. */
static void send_away(struct waitq *q, struct thread *t)
{
        waitq_leave(q, t);
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

struct cap queue_retire(struct cap zombie)
{
        struct waitq *q = cap_object(zombie);

        sched_force();
        while (!waitq_is_empty(q)) {
                send_away(q, q->first);
                if (!waitq_is_empty(q) && preempt_point(AWAY_COST))
                        return zombie;
        }
        return cap_null();
}

/* A walk through a class ends at `t`: it is the leader, or a sender with the badge. */
static inline bool ends_at(const struct thread *t, word badge)
{
        return t->wait_rank != WAIT_MEMBER || t->send_badge == badge;
}

/* From `t` on to a sender with the badge or the end (NULL); in a long queue not further than one step.  Four threads are passed
 * between two counts. */
static struct thread *seek(struct thread *t, word badge, word *cost)
{
        enum { STEP = 128 * PASS_COST };

        for (*cost = CLASS_COST; t->send_badge != badge; *cost += CLASS_COST) {
                if (waitq_is_alone(t))
                        return NULL;
                for (; *cost < STEP; *cost += 4 * PASS_COST) {
                        if (ends_at(t = t->link.next, badge) || ends_at(t = t->link.next, badge) ||
                            ends_at(t = t->link.next, badge) || ends_at(t = t->link.next, badge))
                                break;
                }
                if (*cost >= STEP || t->wait_rank == WAIT_MEMBER)
                        return t;
                t = waitq_next(t->link.prev);
                if (!t)
                        return NULL;
        }
        return t;
}

/* One more to be sent away.  The first is kept until it is known whether there are more. */
static void cancel_one(struct thread *t, struct waitmark *m)
{
        if (!m->first && !m->several) {
                m->first = t;
                return;
        }
        sched_force();
        if (m->first)
                send_away(m->first->waiting_at, m->first);
        send_away(t->waiting_at, t);
        m->first = NULL;
        m->several = true;
}

/* Senders from `t` on.  AGAIN when it must stop; the queue then keeps where. */
static enum outcome cancel_from(struct endpoint *e, struct thread *t, struct waitmark m)
{
        word cost;

        while (t) {
                struct thread *at = seek(t, m.badge, &cost);

                t = at;
                if (at && at->send_badge == m.badge) {
                        t = waitq_next(at);
                        cancel_one(at, &m);
                        cost += AWAY_COST;
                }
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
