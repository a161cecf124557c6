/* SPDX-License-Identifier: BSD-2-Clause */
/* What the short paths that wait have in common (see short.h). */
#pragma once

#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "trap/short.h"
#include "trap/short_switch.h"

/* `c` is a notification whose signal `t` may take. */
static inline bool short_is_signalled(const struct thread *t, struct cap c)
{
        const struct notification *n = cap_object(c);

        return cap_kind(c) == CAP_NOTIFICATION && n->raised && cap_rights(c) & RIGHT_READ &&
               (!n->bound || n->bound == t) && !n->sc;
}

/* `c` can be waited at and has nothing for `t` yet: it is a quiet notification, or an endpoint without senders, and the bound notification
 * is quiet too.  With `reply`, an idle reply object. */
static inline bool short_nothing_there(const struct thread *t, struct cap c, struct reply *r)
{
        const struct notification *n = cap_object(c);
        const struct endpoint *e = cap_object(c);

        if (!(cap_rights(c) & RIGHT_READ))
                return false;
        if (cap_kind(c) == CAP_NOTIFICATION)
                return !n->raised && !n->sc && (!n->bound || n->bound == t);
        return cap_kind(c) == CAP_ENDPOINT && short_bound_is_quiet(t) && !(r && r->thread) &&
               (waitq_is_empty(&e->queue) || endpoint_receives(e));
}

static inline void short_wait_at(struct thread *t, struct cap c, struct reply *r)
{
        struct notification *n = cap_object(c);

        if (cap_kind(c) == CAP_NOTIFICATION) {
                notification_join(n, t);
                return;
        }
        t->reply = r;
        if (r) {
                r->thread = t;
                r->lends = NULL;
        }
        endpoint_join(cap_object(c), t, ENDPOINT_RECEIVERS);
}

/* The reply object that a receive at `c` offers, by the cap in slot `reply` or NULL; false: take the long path. */
static inline bool short_find_reply(struct cap c, bool with_reply, const struct slot *reply, struct reply **r)
{
        *r = NULL;
        if (!with_reply || cap_kind(c) != CAP_ENDPOINT)
                return true;
        if (!reply)
                return false;
        *r = cap_object(reply->cap);
        return cap_kind(reply->cap) == CAP_REPLY;
}

/* The first waiter, or the bound thread while it receives. */
static inline __attribute__((always_inline)) struct thread *short_hearer(const struct notification *n)
{
        struct thread *to = n->waiters.first;

        return !to && !n->raised && n->bound && n->bound->state == RECEIVING ? n->bound : to;
}

/* Send, NBSend, and so Signal, through the cap in `slot`; SYS_NONE: an interrupt signals. */
struct context *short_send(const struct slot *slot, word info, struct thread *t, int64_t number);

/* Nobody hears a Send, or a Call, through `c`: it waits among the other senders; a Call only past the door. */
struct context *short_block(struct cap c, struct thread *t, bool is_call);

/* Wait, NBWait, and so Poll; Recv and NBRecv: at what the cap in `slot` names. */
struct context *short_wait(const struct slot *slot, word info, struct thread *t, int64_t number);
struct context *short_receive(const struct slot *slot, word info, struct thread *t, int64_t number);
