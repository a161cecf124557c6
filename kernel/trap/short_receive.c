/* SPDX-License-Identifier: BSD-2-Clause */
/* Wait, Poll, Recv and NBRecv (spec ipc.md 4, 5, 10; see short.h). */
#include "chain/reply.h"
#include "core/panic.h"
#include "ipc/fault.h"
#include "ipc/message.h"
#include "trap/short_wait.h"
#include "trap/syscall.h"

/* `from`, the first sender at an endpoint, hands its message or fault to `t`, and waits for its answer at `r`, or is done. */
static __attribute__((noinline)) struct context *receive_from(struct thread *t, struct thread *from,
                                                              struct reply *r)
{
        struct core *core = this_core();

        waitq_leave(from->waiting_at, from);
        if (from->fault.type != FAULT_NONE)
                fault_deliver(from, t, from->send_badge);
        else
                message_deliver(from, t, from->send_badge);
        if (from->send_is_call)
                reply_await(r, from);
        else if (from->sc)
                return short_wake(core, t, from);
        else
                from->state = RUNNING;
        return arch_resume(&t->context);
}

/* What `from` sends needs no lookups, and the receiver, which offers `r`, continues with it. */
static inline bool is_plain_sender(struct thread *from, const struct reply *r)
{
        if (from->fault.type == FAULT_NONE && info_caps(from->context.x[REG_INFO]))
                return false;
        if (from->send_is_call)
                return r && (from->send_grant || from->send_grant_reply);
        return !from->sc || sc_is_usable(from->sc);
}

/* Something is waiting for `t` at `c`: the signal of the bound notification, or a sender. */
static __attribute__((noinline)) struct context *receive_now(struct cap c, struct thread *t, int64_t number,
                                                             struct reply *r)
{
        const struct endpoint *e = cap_object(c);
        struct notification *n = t->bound;

        if (cap_kind(c) != CAP_ENDPOINT || !(cap_rights(c) & RIGHT_READ) || (r && r->thread) ||
            !short_may(this_core()))
                return long_way(t, number);
        if (n && n->raised) {
                notification_take(n, t);
                return arch_resume(&t->context);
        }
        struct thread *from = e->queue.first;
        if (!short_bound_is_quiet(t) || !from || !endpoint_sends(e) || !is_plain_sender(from, r))
                return long_way(t, number);
        return receive_from(t, from, r);
}

/* The cap that is to be a reply object is in slot `reply`, or not found (NULL). */
static __attribute__((noinline)) struct context *
receive_with(const struct slot *slot, const struct slot *reply, struct thread *t, int64_t number)
{
        bool with_reply = number >= SYS_NBRECV, blocking = number == SYS_RECV || number == SYS_WAIT;
        struct core *core = this_core();
        struct cap c = slot->cap;
        struct reply *r;

        if (short_is_signalled(t, c) && short_may(core)) {
                notification_take(cap_object(c), t);
                return arch_resume(&t->context);
        }
        if (!short_find_reply(c, with_reply, reply, &r))
                return long_way(t, number);
        if (!short_nothing_there(t, c, r))
                return receive_now(c, t, number, r);
        if (!short_may(core) || (blocking && !short_someone(core, NULL)))
                return long_way(t, number);
        if (blocking) {
                short_wait_at(t, c, r);
                return short_next(core);
        }
        t->context.x[REG_BADGE] = 0;
        return arch_resume(&t->context);
}

static __attribute__((noinline)) struct context *receive_far(const struct slot *slot, struct thread *t,
                                                             int64_t number)
{
        return receive_with(slot, lookup_few(t->slot[TCB_CSPACE].cap, t->context.x[REG_REPLY]), t, number);
}

keeps_arguments struct context *short_receive(const struct slot *slot, word info, struct thread *t,
                                              int64_t number)
{
        struct cap root = t->slot[TCB_CSPACE].cap;
        word reply = t->context.x[REG_REPLY];

        (void)info;
        if (!lookup_is_near(root, reply))
                return receive_far(slot, t, number);
        return receive_with(slot, lookup_near(root, reply), t, number);
}

keeps_arguments struct context *short_wait(const struct slot *slot, word info, struct thread *t,
                                           int64_t number)
{
        struct core *core = this_core();
        struct cap c = slot->cap;
        struct notification *n = cap_object(c);

        (void)info;
        if (cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_READ) || n->sc ||
            (n->bound && n->bound != t) || !waitq_is_empty(&n->waiters))
                return receive_with(slot, NULL, t, number);
        if (!short_may(core))
                return long_way(t, number);
        if (n->raised || number != SYS_WAIT) { /* what lies there is taken, or nothing */
                ASSERT(n->raised || !n->flags);
                notification_take(n, t);
                return arch_resume(&t->context);
        }
        if (!short_someone(core, NULL))
                return long_way(t, number);
        notification_join(n, t);
        return short_next(core);
}
