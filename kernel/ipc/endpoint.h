/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints: where a sender and a receiver meet (spec ipc.md 5).
 *
 * Level 11.  An endpoint with an empty queue is idle; otherwise `holds` says whether its threads send or receive, and
 * all of them do the same.  While a cancellation of badged sends is interrupted, the thread it stands at is there too.
 */
#pragma once

#include "cap/kind.h"
#include "door/local.h"
#include "ipc/message.h"
#include "thread/thread.h"

enum endpoint_holds { ENDPOINT_RECEIVERS, ENDPOINT_SENDERS };

struct endpoint {
        struct waitq queue;
        /* In bit 0 enum endpoint_holds, meaningless while idle; its home (door/local.h) in the bits from HOME_AT on; and a mark
         * (thread/waitq.h).  Written by endpoint, cancel, short_call. */
        word holds;
};

_Static_assert(sizeof(struct endpoint) == 1u << ENDPOINT_BITS, "public size");

/* A cap through which a Call is answered: Write, and Grant or GrantReply.  With Write (1), Grant (4) and GrantReply (8)
 * these are the odd numbers from 5 on. */
static inline bool endpoint_may_call(struct cap c)
{
        word kind_and_rights = c.a >> 48, least = CAP_ENDPOINT << 11 | RIGHT_WRITE | RIGHT_GRANT;

        return kind_and_rights - least <= RIGHTS_ALL - (RIGHT_WRITE | RIGHT_GRANT) &&
               kind_and_rights & RIGHT_WRITE;
}

/* How a message is sent. */
struct sending {
        word badge;
        bool blocking;
        bool call; /* wants an answer; so do fault messages */
        bool grant, grant_reply;
        bool may_donate;
};

static inline enum endpoint_holds endpoint_holds(const struct endpoint *e)
{
        return (enum endpoint_holds)(e->holds & 1);
}

static inline bool endpoint_receives(const struct endpoint *e)
{
        return endpoint_holds(e) == ENDPOINT_RECEIVERS;
}

/* Senders that nobody walks through. */
static inline bool endpoint_sends(const struct endpoint *e)
{
        return (e->holds & ~(ones(3) << HOME_AT)) == ENDPOINT_SENDERS;
}

static inline word endpoint_home(const struct endpoint *e)
{
        return (e->holds & WAITQ_FLAGS) >> HOME_AT;
}

/* `holds` of an endpoint that holds receivers, or held them last, and is at home on `core`.  Receivers are never marked. */
static inline bool endpoint_is_of(word holds, const struct core *core)
{
        return holds == home_here(core);
}

/* Where an interrupted cancellation of badged sends stands, or NULL. */
static inline struct thread *endpoint_mark(const struct endpoint *e)
{
        return (struct thread *)(e->holds & ~(word)WAITQ_FLAGS);
}

static inline bool endpoint_cancels(const struct endpoint *e, word badge)
{
        const struct thread *t = endpoint_mark(e);

        return t && t->mark.badge == badge;
}

/* Send the current registers (or the pending fault) of `t`.  Never fails; may block `t`.  A send that would join senders whose badge is
 * being cancelled first completes the cancellation.  AGAIN if that, or looking up the message's caps, takes too long: then the send has not
 * begun.  A fault counts as cancelled with the others, and `t` stops. */
enum outcome endpoint_send(struct endpoint *e, struct thread *t, struct sending how);

/* What `t` would get from the first sender, after a message that changes what lookups find.  AGAIN when it must stop. */
enum outcome endpoint_find_caps(struct endpoint *e, struct thread *t, const struct message_effect *after,
                                struct message_caps *m);

/* Receive for `t`, offering `r` (or NULL) for answers, with the caps that were found. */
void endpoint_receive(struct endpoint *e, struct thread *t, struct reply *r, bool blocking,
                      const struct message_caps *m);

/* `t` begins the queue of `e`, which is at home with it from now on.  In local mode it was so before. */
static inline void endpoint_begin(struct endpoint *e, const struct thread *t, enum endpoint_holds as)
{
        word holds = as;

        if (several_cores()) {
                holds |= home_of(t->domain);
                if (e->holds == holds)
                        return; /* others may read it */
        }
        e->holds = holds;
}

/* `t`, in no queue, joins the queue of an endpoint that is idle or holds threads that do the same. */
static inline void endpoint_join(struct endpoint *e, struct thread *t, enum endpoint_holds as)
{
        if (waitq_is_empty(&e->queue))
                endpoint_begin(e, t, as);
        t->waiting_at = &e->queue;
        t->state = as == ENDPOINT_SENDERS ? SENDING : RECEIVING;
        waitq_join(&e->queue, t);
}

/* `t` joins the queue; its reply object and the captured parts of a send are already set. */
void endpoint_block(struct endpoint *e, struct thread *t, enum endpoint_holds as);

/* ipc/cancel.c */

/* Senders blocked with exactly this badge have their sends cancelled (ipc.md 14.5).  AGAIN when preempted. */
enum outcome endpoint_cancel_badged(struct endpoint *e, word badge);

/* Continue a cancellation that has begun. */
enum outcome endpoint_cancel_on(struct endpoint *e);

/* The last cap is gone: all waiting threads are released (ipc.md 14.4).  Returns what is left, as described at struct kind. */
struct cap endpoint_retire(struct endpoint *e);

/* The same for what is left of an endpoint or notification. */
struct cap queue_retire(struct cap zombie);

/* `t` sends with a badge whose cancellation is under way. */
bool send_is_cancelled(const struct thread *t);
