/* SPDX-License-Identifier: BSD-2-Clause */
/* Signal, Send and NBSend; Wait, Poll, Recv and NBRecv; NBSendWait and NBSendRecv; Yield (spec ipc.md 4, 5, 10, 11,
 * scheduling.md 10; see short.h). */
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "thread/reply.h"
#include "trap/short.h"
#include "trap/short_switch.h"

/* --- who hears */

/* What a send through a cap does: wake `to`, leave a mark in a notification, or be dropped by an endpoint. */
struct hearing {
        struct thread *to; /* NULL: nobody waits */
        bool possible;     /* false: the long way knows */
};

/* The thread that hears `c`: the first waiter, or the receiver bound to the notification. */
static inline struct hearing find_hearer(struct cap c)
{
        struct notification *n = cap_object(c);
        struct endpoint *e = cap_object(c);

        if (!(cap_rights(c) & RIGHT_WRITE))
                return (struct hearing){0};
        if (cap_kind(c) == CAP_NOTIFICATION) {
                struct thread *to = n->waiters.first;

                if (!to && !n->raised && n->bound && n->bound->state == RECEIVING)
                        to = n->bound;
                return (struct hearing){to, true};
        }
        if (cap_kind(c) != CAP_ENDPOINT || (!waitq_is_empty(&e->queue) && e->holds != ENDPOINT_RECEIVERS))
                return (struct hearing){0};
        return (struct hearing){e->queue.first, true};
}

/* `to` leaves its queue with what was sent through `c`. */
static inline void hear(struct thread *t, struct thread *to, struct cap c, word info)
{
        waitq_leave(to->waiting_at, to);
        if (to->reply)
                reply_detach(to->reply);
        if (cap_kind(c) == CAP_NOTIFICATION)
                to->context.x[REG_BADGE] = c.b;
        else if (!info_fits_registers(info))
                message_transfer(t, to, NULL, c.b, false);
        else {
                message_move_registers(t, to, info & ones(7));
                message_announce(to, c.b, info_plain(info));
        }
}

static inline void mark(struct cap c)
{
        if (cap_kind(c) == CAP_NOTIFICATION)
                notification_mark(cap_object(c), c.b);
}

struct context *short_send(struct thread *t, word cptr, word info, bool blocking)
{
        struct core *core = this_core();
        struct cap c = short_find(t, cptr);
        struct hearing h = find_hearer(c);

        if (!h.possible || info_caps(info) || !short_may(core))
                return NULL;
        if (h.to) {
                if (!short_has_time(h.to))
                        return NULL;
                hear(t, h.to, c, info);
                return short_wake(core, t, h.to);
        }
        if (blocking && cap_kind(c) == CAP_ENDPOINT)
                return NULL;
        mark(c);
        return arch_resume(&t->context);
}

/* --- waiting */

/* `c` is something to wait at where nothing is there for `t`: a quiet notification, or an endpoint without senders and
 * with no notification bound.  With `reply`, an idle reply object. */
static inline bool nothing_there(const struct thread *t, struct cap c, struct reply *r)
{
        const struct notification *n = cap_object(c);
        const struct endpoint *e = cap_object(c);

        if (!(cap_rights(c) & RIGHT_READ))
                return false;
        if (cap_kind(c) == CAP_NOTIFICATION)
                return !n->raised && !n->sc && (!n->bound || n->bound == t);
        return cap_kind(c) == CAP_ENDPOINT && !t->bound && !(r && r->thread) &&
               (waitq_is_empty(&e->queue) || e->holds == ENDPOINT_RECEIVERS);
}

static inline void wait_at(struct thread *t, struct cap c, struct reply *r)
{
        struct notification *n = cap_object(c);

        if (cap_kind(c) == CAP_NOTIFICATION) {
                notification_join(n, t);
                return;
        }
        t->reply = r;
        if (r)
                r->thread = t;
        endpoint_join(cap_object(c), t, ENDPOINT_RECEIVERS);
}

/* The reply object that a receive at `c` offers; false: the long way knows. */
static inline bool find_reply(const struct thread *t, struct cap c, bool with_reply, struct reply **r)
{
        *r = NULL;
        if (!with_reply || cap_kind(c) != CAP_ENDPOINT)
                return true;
        struct cap reply = short_find(t, t->context.x[REG_REPLY]);
        *r = cap_object(reply);
        return cap_kind(reply) == CAP_REPLY;
}

struct context *short_receive(struct thread *t, word cptr, bool with_reply, bool blocking)
{
        struct core *core = this_core();
        struct cap c = short_find(t, cptr);
        struct notification *n = cap_object(c);
        struct reply *r;

        if (cap_kind(c) == CAP_NOTIFICATION && n->raised) {
                if (!(cap_rights(c) & RIGHT_READ) || (n->bound && n->bound != t) || n->sc || !short_may(core))
                        return NULL;
                notification_take(n, t);
                return arch_resume(&t->context);
        }
        if (!find_reply(t, c, with_reply, &r) || !nothing_there(t, c, r) || !short_may(core))
                return NULL;
        if (!blocking) {
                t->context.x[REG_BADGE] = 0;
                return arch_resume(&t->context);
        }
        if (!short_someone(core, NULL))
                return NULL;
        wait_at(t, c, r);
        return short_next(core, NULL);
}

struct context *short_send_wait(struct thread *t, word send, word cptr, bool with_reply)
{
        struct core *core = this_core();
        struct cap to = short_find(t, send), from = short_find(t, cptr);
        word info = t->context.x[REG_INFO];
        struct hearing h = find_hearer(to);
        struct reply *r;

        if (!h.possible || info_caps(info) || !find_reply(t, from, with_reply, &r) || !nothing_there(t, from, r) ||
            cap_object(to) == cap_object(from) || !short_someone(core, h.to) || !short_may(core))
                return NULL;
        if (h.to && (!short_has_time(h.to) || h.to->domain != core->domain))
                return NULL;
        if (h.to)
                hear(t, h.to, to, info);
        else
                mark(to);
        wait_at(t, from, r);
        return short_next(core, h.to);
}

/* --- Yield */

struct context *short_yield(struct thread *t)
{
        struct core *core = this_core();
        const struct ready *r = core->ready;

        if (!sc_is_round_robin(t->sc) || !short_may(core))
                return NULL;
        sched_give_up_budget(core);
        if (r->best < t->priority || !r->head[r->best]) {
                sched_charge_to(t->sc);
                return arch_resume(&t->context);
        }
        ready_push_back(t);
        return short_next(core, NULL);
}
