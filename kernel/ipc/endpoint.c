/* SPDX-License-Identifier: BSD-2-Clause */
/* Rendezvous (spec ipc.md 5).  Owns endpoint->holds, thread->waiting_at, thread->send_badge
 * and thread->send_grant: what is captured when a sender blocks. */
#include "ipc/endpoint.h"
#include "chain/donation.h"
#include "chain/life.h"
#include "chain/reply.h"
#include "core/panic.h"
#include "ipc/fault.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "sched/sched.h"
#include "trace/trace.h"

/* What has to be looked up before `from` and `to` meet: the caps of a message, not of a fault. */
static enum outcome find_caps(struct thread *from, struct thread *to, bool grant,
                              const struct message_effect *after, struct message_caps *m)
{
        m->from = from;
        m->count = 0;
        if (!grant || from->fault.type != FAULT_NONE || !info_caps(from->context.x[REG_INFO]))
                return DONE;
        return message_find_caps(from, to, after, m);
}

/* Transfer the words and caps, or the fault of `from`. */
static inline void hand_over(struct endpoint *e, struct thread *from, struct thread *to, word badge,
                             const struct message_caps *m)
{
        trace(TESSERA_TRACE_MESSAGE, from, 0, (word)to, badge);
        if (from->fault.type != FAULT_NONE)
                fault_deliver(from, to, badge);
        else
                message_transfer(from, to, e, badge, m);
}

/* The sender of a Call or fault waits on `r` for its answer; without `r` it stops. */
static void await_answer(struct thread *from, struct thread *to, struct reply *r, struct sending how)
{
        if (r && (how.grant || how.grant_reply)) {
                reply_push(r, from, to, how.may_donate);
                return;
        }
        from->state = INACTIVE;
        sched_remove(from);
}

void endpoint_block(struct endpoint *e, struct thread *t, enum endpoint_holds as)
{
        ASSERT(waitq_is_empty(&e->queue) || endpoint_holds(e) == as);
        trace(TESSERA_TRACE_BLOCK, t, as == ENDPOINT_SENDERS ? SENDING : RECEIVING, (word)e, 0);
        sched_remove(t);
        endpoint_join(e, t, as);
}

static struct thread *take_first(struct endpoint *e)
{
        struct thread *t = e->queue.first;

        waitq_leave(&e->queue, t);
        t->waiting_at = NULL;
        return t;
}

static enum outcome send_to_receiver(struct endpoint *e, struct thread *t, struct sending how)
{
        struct thread *to = e->queue.first;
        struct reply *r = to->reply;
        struct message_caps caps;

        if (find_caps(t, to, how.grant, &message_none, &caps) == AGAIN)
                return AGAIN;
        take_first(e);
        hand_over(e, t, to, how.badge, &caps);
        if (r)
                reply_detach(r);
        if (how.call)
                await_answer(t, to, r, how);
        else if (how.may_donate && !to->sc && t->sc)
                sc_donate(t->sc, to);
        to->state = RUNNING;
        thread_wake(to);
        return BLOCKED;
}

/* The send would join senders whose badge is being cancelled. */
static enum outcome end_cancellation(struct endpoint *e, struct thread *t)
{
        if (t->fault.type == FAULT_NONE)
                return endpoint_cancel_on(e);
        t->fault.type = FAULT_NONE;
        t->state = INACTIVE;
        sched_remove(t);
        return REFUSED;
}

enum outcome endpoint_send(struct endpoint *e, struct thread *t, struct sending how)
{
        if (!waitq_is_empty(&e->queue) && endpoint_holds(e) == ENDPOINT_RECEIVERS)
                return send_to_receiver(e, t, how);
        if (!how.blocking)
                return BLOCKED;
        if (endpoint_cancels(e, how.badge)) {
                enum outcome ended = end_cancellation(e, t);

                if (ended != DONE)
                        return ended;
        }
        t->send_badge = how.badge;
        t->send_grant = how.grant;
        t->send_grant_reply = how.grant_reply;
        t->send_is_call = how.call;
        endpoint_block(e, t, ENDPOINT_SENDERS);
        return BLOCKED;
}

static void receive_from_sender(struct endpoint *e, struct thread *t, struct reply *r,
                                const struct message_caps *caps)
{
        struct thread *from = take_first(e);
        struct sending how = {
                .badge = from->send_badge,
                .call = from->send_is_call,
                .grant = from->send_grant,
                .grant_reply = from->send_grant_reply,
                .may_donate = from->fault.type != FAULT_TIMEOUT,
        };

        hand_over(e, from, t, how.badge, caps);
        if (how.call) {
                await_answer(from, t, r, how);
                if (t->sc)
                        sc_thread_woken(t->sc); /* the caller's, which may have waited here for a long time */
                return;
        }
        from->state = RUNNING;
        thread_wake(from);
}

/* Somebody waits to send. */
static bool has_senders(const struct endpoint *e)
{
        return !waitq_is_empty(&e->queue) && endpoint_holds(e) == ENDPOINT_SENDERS;
}

enum outcome endpoint_find_caps(struct endpoint *e, struct thread *t, const struct message_effect *after,
                                struct message_caps *m)
{
        struct thread *from = e->queue.first;

        m->from = NULL;
        return has_senders(e) ? find_caps(from, t, from->send_grant, after, m) : DONE;
}

void endpoint_receive(struct endpoint *e, struct thread *t, struct reply *r, bool blocking,
                      const struct message_caps *m)
{
        if (r && r->thread)
                thread_cancel(r->thread);
        if (notification_take_bound(t))
                return;
        if (blocking && t->bound)
                notification_reclaim(t->bound, t);
        if (has_senders(e)) {
                /* A sender that has since come in front of the sender of `m` can only be a timeout fault, which has no caps. */
                receive_from_sender(e, t, r, m->from == e->queue.first ? m : NULL);
                return;
        }
        if (!blocking) {
                t->context.x[REG_BADGE] = 0;
                return;
        }
        t->reply = r;
        if (r) {
                r->thread = t;
                r->lends = NULL;
        }
        endpoint_block(e, t, ENDPOINT_RECEIVERS);
}
