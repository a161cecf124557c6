/* SPDX-License-Identifier: BSD-2-Clause */
/* Receiving: look up, then do (spec ipc.md 5.3, 10). */
#include "trap/receive.h"
#include "chain/reply.h"
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "ipc/notification.h"
#include "time/preempt.h"
#include "trap/syscall.h"

/* REFUSED: the fault is filled. */
static enum outcome find(struct thread *t, word cptr, struct receive *how, const struct message_effect *after,
                         struct slot **slot)
{
        word left;

        how->bad = cptr;
        if (!lookup_expecting(&after->placed, t->slot[TCB_CSPACE].cap, cptr, 64, slot, &left, &how->fault))
                return REFUSED;
        return preempt_unkept(0) ? AGAIN : DONE;
}

static enum outcome nothing_there(struct receive *how)
{
        how->fault = (struct lookup_fault){.type = LOOKUP_MISSING};
        return REFUSED;
}

static enum outcome find_reply(struct thread *t, struct receive *how, const struct message_effect *after)
{
        struct slot *slot;
        enum outcome outcome = find(t, t->context.x[REG_REPLY], how, after, &slot);

        if (outcome != DONE)
                return outcome;
        struct cap c = lookup_expected(&after->placed, slot);
        if (cap_kind(c) != CAP_REPLY)
                return nothing_there(how);
        how->reply = cap_object(c);
        return DONE;
}

static enum outcome find_all(struct thread *t, struct receive *how, const struct message_effect *after)
{
        enum outcome outcome = find(t, t->context.x[REG_BADGE], how, after, &how->slot);

        if (outcome != DONE)
                return outcome;
        struct cap c = lookup_expected(&after->placed, how->slot);
        const struct notification *n = cap_object(c);
        bool readable = cap_rights(c) & RIGHT_READ;
        if (cap_kind(c) == CAP_NOTIFICATION && readable && (!n->bound || n->bound == t))
                return DONE;
        if (cap_kind(c) != CAP_ENDPOINT || !readable)
                return nothing_there(how);
        if (how->with_reply) {
                outcome = find_reply(t, how, after);
                if (outcome != DONE)
                        return outcome;
        }
        return endpoint_find_caps(cap_object(c), t, after, &how->caps);
}

enum outcome receive_find(struct thread *t, struct receive *how, const struct message_effect *after)
{
        how->fault.type = LOOKUP_OK;
        how->reply = NULL;
        how->found = find_all(t, how, after) != AGAIN;
        return how->found ? DONE : AGAIN;
}

/* Who gets the message of a request through an endpoint or reply object. */
static struct thread *hearer(struct cap c)
{
        const struct endpoint *e = cap_object(c);
        const struct reply *r = cap_object(c);

        if (cap_kind(c) == CAP_REPLY)
                return r->thread;
        return endpoint_holds(e) == ENDPOINT_RECEIVERS ? e->queue.first : NULL;
}

enum outcome receive_find_ahead(const struct request *first, struct receive *how)
{
        struct cap c = first->cap;
        struct message_effect after = {0};
        struct message_caps caps;

        if (cap_kind(c) != CAP_ENDPOINT && cap_kind(c) != CAP_REPLY)
                return DONE;
        struct thread *to = hearer(c);
        if (to && first->extras > 0 && cap_rights(c) & RIGHT_GRANT) {
                if (message_find_caps(first->caller, to, &message_none, &caps) == AGAIN)
                        return AGAIN;
                message_foresee(to, cap_kind(c) == CAP_ENDPOINT ? cap_object(c) : NULL, &caps, &after);
        }
        return receive_find(first->caller, how, &after);
}

void receive(struct thread *t, const struct receive *how)
{
        if (how->fault.type != LOOKUP_OK) {
                raise_cap_fault(t, how->bad, true, how->fault);
                return;
        }
        struct cap c = how->slot->cap;
        if (cap_kind(c) == CAP_ENDPOINT)
                endpoint_receive(cap_object(c), t, how->reply, how->blocking, &how->caps);
        else
                notification_wait(cap_object(c), t, how->blocking);
}
