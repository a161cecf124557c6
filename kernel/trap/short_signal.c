/* SPDX-License-Identifier: BSD-2-Clause */
/* Signal, Send, NBSend and interrupts; Wait, Poll, Recv and NBRecv; NBSendWait and NBSendRecv (spec ipc.md 4, 5, 10, 11; see
 * short.h). */
#include "chain/reply.h"
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "irq/irq.h"
#include "thread/ready.h"
#include "trap/short.h"
#include "trap/short_switch.h"
#include "trap/syscall.h"
#include "trap/trap.h"

/* --- who is woken */

/* What a send through a cap does: wake `to`, leave a mark in a notification, or be dropped by an endpoint. */
struct hearing {
        struct thread *to; /* NULL: nobody waits */
        bool possible;     /* false: take the long way */
};

/* The first waiter, or the bound thread while it receives. */
static inline struct thread *hearer_of(const struct notification *n)
{
        struct thread *to = n->waiters.first;

        return !to && !n->raised && n->bound && n->bound->state == RECEIVING ? n->bound : to;
}

/* The thread that a signal through `c` wakes. */
static inline struct hearing find_hearer(struct cap c)
{
        struct notification *n = cap_object(c);
        struct endpoint *e = cap_object(c);

        if (!(cap_rights(c) & RIGHT_WRITE))
                return (struct hearing){0};
        if (cap_kind(c) == CAP_NOTIFICATION)
                return (struct hearing){hearer_of(n), true};
        if (cap_kind(c) != CAP_ENDPOINT)
                return (struct hearing){0};
        if (e->holds == ENDPOINT_RECEIVERS)
                return (struct hearing){e->queue.first, true};
        return (struct hearing){NULL, e->holds == ENDPOINT_SENDERS || waitq_is_empty(&e->queue)};
}

/* --- sending */

/* `to` leaves its queue with what was sent through `c`. */
static __attribute__((noinline)) void hear(struct thread *t, struct thread *to, struct cap c)
{
        waitq_leave(to->waiting_at, to);
        if (to->reply)
                reply_detach(to->reply);
        if (cap_kind(c) == CAP_NOTIFICATION)
                to->context.x[REG_BADGE] = cap_badge(c);
        else
                message_deliver(t, to, cap_badge(c));
}

static inline void mark(struct cap c)
{
        if (cap_kind(c) == CAP_NOTIFICATION)
                notification_mark(cap_object(c), cap_badge(c));
}

/* The running thread `t` has woken `to`, which short_has_time: who goes on? */
static __attribute__((noinline)) struct context *wake_among(struct core *core, struct thread *t,
                                                            struct thread *to)
{
        if (to->priority > t->priority && to->domain == core->domain) {
                ready_push_front(t);
                return short_run(core, to);
        }
        if (to->sc->sporadic)
                sc_thread_woken(to->sc);
        if (to->priority == t->priority && to->domain == core->domain)
                ready_push_back(to);
        else
                ready_push_front(to);
        if (!core->reprogram)
                return arch_resume(&t->context);
        return short_run(core, t);
}

/* The same, without a stack frame where nobody else of its priority is ready. */
static __attribute__((noinline)) struct context *wake(struct core *core, struct thread *t, struct thread *to)
{
        bool at_once = to->priority > t->priority;

        to->state = RUNNING;
        if (rarely(to->domain != core->domain) || rarely(to->sc->sporadic != 0) ||
            !ready_push_alone(core->ready, at_once ? t : to))
                return wake_among(core, t, to);
        return at_once ? short_run(core, to) : arch_resume(&t->context);
}

/* No short way through `c` for a system call, or for an interrupt (SYS_NONE), of which the signal is left to do. */
static __attribute__((noinline)) struct context *send_otherwise(struct cap c, struct thread *t,
                                                                int64_t number)
{
        if (number != SYS_NONE)
                return long_way(t, number);
        if (!cap_is_null(c))
                notification_signal(cap_object(c), cap_badge(c));
        return leave();
}

static __attribute__((noinline)) struct context *send_at_length(struct cap c, struct thread *t,
                                                                struct thread *to)
{
        hear(t, to, c);
        return wake(this_core(), t, to);
}

/* Nobody hears a Send through `c`: it waits among the other senders. */
static __attribute__((noinline)) struct context *send_blocks(struct cap c, struct thread *t)
{
        struct core *core = this_core();

        if (!short_someone(core, NULL))
                return long_way(t, SYS_SEND);
        t->send_badge = cap_badge(c);
        t->send_grant = cap_rights(c) & RIGHT_GRANT;
        t->send_grant_reply = cap_rights(c) & RIGHT_GRANT_REPLY;
        t->send_is_call = false;
        endpoint_join(cap_object(c), t, ENDPOINT_SENDERS);
        return short_next(core);
}

static __attribute__((noinline)) struct context *send_through(struct cap c, word info, struct thread *t,
                                                              int64_t number)
{
        struct core *core = this_core();
        struct hearing h = find_hearer(c);
        struct thread *to = h.to;

        if (!h.possible || info_caps(info) || !short_may(core) || (to && !short_has_time(to)))
                return send_otherwise(c, t, number);
        if (!to) {
                if (number == SYS_SEND && cap_kind(c) == CAP_ENDPOINT)
                        return send_blocks(c, t);
                mark(c);
                return arch_resume(&t->context);
        }
        if (cap_kind(c) != CAP_NOTIFICATION || !waitq_is_alone(to) || to->reply)
                return send_at_length(c, t, to);
        to->waiting_at->first = NULL;
        to->context.x[REG_BADGE] = cap_badge(c);
        return wake(core, t, to);
}

struct context *short_interrupt(struct core *core, struct cap c)
{
        return send_through(c, 0, core->current, SYS_NONE);
}

/* --- waiting */

/* `c` is a notification whose signal `t` may take. */
static inline bool is_signalled(const struct thread *t, struct cap c)
{
        const struct notification *n = cap_object(c);

        return cap_kind(c) == CAP_NOTIFICATION && n->raised && cap_rights(c) & RIGHT_READ &&
               (!n->bound || n->bound == t) && !n->sc;
}

/* `c` can be waited at and has nothing for `t` yet: it is a quiet notification, or an endpoint without senders, and the bound notification
 * is quiet too.  With `reply`, an idle reply object. */
static inline bool nothing_there(const struct thread *t, struct cap c, struct reply *r)
{
        const struct notification *n = cap_object(c);
        const struct endpoint *e = cap_object(c);

        if (!(cap_rights(c) & RIGHT_READ))
                return false;
        if (cap_kind(c) == CAP_NOTIFICATION)
                return !n->raised && !n->sc && (!n->bound || n->bound == t);
        return cap_kind(c) == CAP_ENDPOINT && short_bound_is_quiet(t) && !(r && r->thread) &&
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

/* The reply object that a receive at `c` offers; false: take the long way. */
static inline bool find_reply(const struct thread *t, struct cap c, bool with_reply, struct reply **r)
{
        *r = NULL;
        if (!with_reply || cap_kind(c) != CAP_ENDPOINT)
                return true;
        struct cap reply = short_find(t, t->context.x[REG_REPLY]);
        *r = cap_object(reply);
        return cap_kind(reply) == CAP_REPLY;
}

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
                return wake(core, t, from);
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
        if (!short_bound_is_quiet(t) || !from || e->holds != ENDPOINT_SENDERS || !is_plain_sender(from, r))
                return long_way(t, number);
        return receive_from(t, from, r);
}

static __attribute__((noinline)) struct context *receive_at(struct cap c, struct thread *t, int64_t number)
{
        bool with_reply = number >= SYS_NBRECV, blocking = number == SYS_RECV || number == SYS_WAIT;
        struct core *core = this_core();
        struct reply *r;

        if (is_signalled(t, c) && short_may(core)) {
                notification_take(cap_object(c), t);
                return arch_resume(&t->context);
        }
        if (!find_reply(t, c, with_reply, &r))
                return long_way(t, number);
        if (!nothing_there(t, c, r))
                return receive_now(c, t, number, r);
        if (!short_may(core) || (blocking && !short_someone(core, NULL)))
                return long_way(t, number);
        if (blocking) {
                wait_at(t, c, r);
                return short_next(core);
        }
        t->context.x[REG_BADGE] = 0;
        return arch_resume(&t->context);
}

/* The running thread has stopped, and has woken `to`, which short_has_time and is of the running domain. */
static inline struct context *run_woken(struct core *core, struct thread *to)
{
        to->state = RUNNING;
        if (sched_runs_next(core, to))
                return short_run(core, to);
        if (to->sc->sporadic)
                sc_thread_woken(to->sc);
        ready_push_front(to);
        return short_next(core);
}

/* NBSendWait and NBSendRecv: neither part may change what the other one finds. */
static __attribute__((noinline)) struct context *send_and_wait(struct cap to, struct cap from,
                                                               struct thread *t, int64_t number)
{
        struct core *core = this_core();
        word info = t->context.x[REG_INFO];
        struct hearing h = find_hearer(to);
        struct reply *r = NULL;
        bool waits = !is_signalled(t, from);

        if (!h.possible || t->interrupted || info_caps(info) || cap_object(to) == cap_object(from) ||
            !short_may(core) || (h.to && (!short_has_time(h.to) || h.to->domain != core->domain)))
                return long_way(t, number);
        if (waits && (!find_reply(t, from, number == SYS_NBSEND_RECV, &r) || !nothing_there(t, from, r) ||
                      !short_someone(core, h.to)))
                return long_way(t, number);
        if (h.to)
                hear(t, h.to, to);
        else
                mark(to);
        if (waits) {
                wait_at(t, from, r);
                return h.to ? run_woken(core, h.to) : short_next(core);
        }
        notification_take(cap_object(from), t);
        return h.to ? wake(core, t, h.to) : arch_resume(&t->context);
}

/* --- which */

struct context *trap_other_syscall(word cptr, word info, struct thread *t, int64_t number)
{
        if (takes_long_way(t))
                return long_way(t, number);
        switch (number) {
        case SYS_SEND:
        case SYS_NBSEND:
                return send_through(short_find(t, cptr), info, t, number);
        case SYS_RECV:
        case SYS_NBRECV:
        case SYS_WAIT:
        case SYS_NBWAIT:
                return receive_at(short_find(t, cptr), t, number);
        case SYS_NBSEND_WAIT:
                return send_and_wait(short_find(t, t->context.x[REG_REPLY]), short_find(t, cptr), t, number);
        case SYS_NBSEND_RECV:
                return send_and_wait(short_find(t, t->context.x[REG_SECOND]), short_find(t, cptr), t, number);
        case SYS_YIELD:
                return short_yield(t);
        default:
                return long_way(t, number);
        }
}
