/* SPDX-License-Identifier: BSD-2-Clause */
/* Signal, Send, NBSend and interrupts; NBSendWait and NBSendRecv (spec ipc.md 4, 5, 10, 11; see short.h). */
#include "chain/reply.h"
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "irq/irq.h"
#include "thread/ready.h"
#include "trap/short.h"
#include "trap/short_switch.h"
#include "trap/short_wait.h"
#include "trap/syscall.h"
#include "trap/trap.h"

/* --- who is woken */

/* What a send through a cap does: wake `to`, leave a mark in a notification, or be dropped by an endpoint. */
struct hearing {
        struct thread *to; /* NULL: nobody waits */
        bool possible;     /* false: take the long path */
};

/* The thread that a signal through `c` wakes. */
static inline struct hearing find_hearer(struct cap c)
{
        struct notification *n = cap_object(c);
        struct endpoint *e = cap_object(c);

        if (!(cap_rights(c) & RIGHT_WRITE))
                return (struct hearing){0};
        if (cap_kind(c) == CAP_NOTIFICATION)
                return (struct hearing){short_hearer(n), true};
        if (cap_kind(c) != CAP_ENDPOINT)
                return (struct hearing){0};
        if (endpoint_receives(e))
                return (struct hearing){e->queue.first, true};
        return (struct hearing){NULL, !endpoint_mark(e) || waitq_is_empty(&e->queue)};
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

/* The same, without a stack frame where nobody else of its priority is ready.  Neither is in a queue, so the difference of their
 * turns tells at once whether `to` has a higher priority and the same domain. */
__attribute__((noinline)) struct context *short_wake(struct core *core, struct thread *t, struct thread *to)
{
        bool at_once = to->turn - t->turn - 1 < PRIORITIES - 1;

        to->state = RUNNING;
        if (at_once && ready_push_highest(core->ready, t))
                return short_run_here(core, to);
        if (at_once || rarely(to->domain != core->domain) || rarely(to->sc->sporadic != 0) ||
            !ready_push_alone(core->ready, to))
                return wake_among(core, t, to);
        return arch_resume(&t->context);
}

/* No short path through `c` for a system call, or for an interrupt (SYS_NONE), of which the signal is left to do. */
static __attribute__((noinline)) struct context *send_otherwise(struct cap c, struct thread *t,
                                                                int64_t number)
{
        if (number != SYS_NONE)
                return long_way(t, number);
        notification_signal(cap_object(c), cap_badge(c));
        return leave();
}

static __attribute__((noinline)) struct context *send_at_length(struct cap c, struct thread *t,
                                                                struct thread *to)
{
        hear(t, to, c);
        return short_wake(this_core(), t, to);
}

__attribute__((noinline)) struct context *short_block(struct cap c, struct thread *t, bool is_call)
{
        struct core *core = this_core();

        if (!short_someone(core, NULL))
                return long_way(t, SYS_SEND);
        t->send_badge = cap_badge(c);
        t->send_grant = cap_rights(c) & RIGHT_GRANT;
        t->send_grant_reply = cap_rights(c) & RIGHT_GRANT_REPLY;
        t->send_is_call = is_call;
        endpoint_join(cap_object(c), t, ENDPOINT_SENDERS);
        return short_next(core);
}

/* A thread that waits alone gets a signal or a message as most are. */
static inline bool hears_alone(const struct thread *t, const struct thread *to, struct cap c, word info)
{
        return waitq_is_alone(to) && (cap_kind(c) == CAP_NOTIFICATION || message_is_short(t, to, info));
}

static inline void hear_alone(const struct thread *t, struct thread *to, struct cap c, word info)
{
        to->waiting_at->first = NULL;
        if (to->reply)
                reply_release(to->reply);
        if (cap_kind(c) == CAP_NOTIFICATION)
                to->context.x[REG_BADGE] = cap_badge(c);
        else
                message_deliver_short(t, to, cap_badge(c), info);
}

keeps_arguments struct context *short_send(const struct slot *slot, word info, struct thread *t,
                                           int64_t number)
{
        struct core *core = this_core();
        struct cap c = slot->cap;
        struct hearing h = find_hearer(c);
        struct thread *to = h.to;

        if (!h.possible || info_caps(info) || !short_may(core) || (to && !short_has_time(to)))
                return send_otherwise(c, t, number);
        if (!to) {
                if (number == SYS_SEND && cap_kind(c) == CAP_ENDPOINT)
                        return short_block(c, t, false);
                mark(c);
                return arch_resume(&t->context);
        }
        if (!hears_alone(t, to, c, info))
                return send_at_length(c, t, to);
        hear_alone(t, to, c, info);
        return short_wake(core, t, to);
}

struct context *short_interrupt(struct core *core, const struct slot *slot)
{
        return slot ? short_send(slot, 0, core->current, SYS_NONE) : leave();
}

/* --- both */

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
static __attribute__((noinline)) struct context *send_and_wait(const struct slot *first, struct thread *t,
                                                               int64_t number, const struct slot *slot,
                                                               const struct slot *reply)
{
        struct core *core = this_core();
        struct cap to = first->cap, from = slot->cap;
        word info = t->context.x[REG_INFO];
        struct hearing h = find_hearer(to);
        struct reply *r = NULL;
        bool waits = !short_is_signalled(t, from);

        if (!h.possible || t->interrupted || info_caps(info) || cap_object(to) == cap_object(from) ||
            !short_may(core) || (h.to && (!short_has_time(h.to) || h.to->domain != core->domain)))
                return long_way(t, number);
        if (waits && (!short_find_reply(from, number == SYS_NBSEND_RECV, reply, &r) ||
                      !short_nothing_there(t, from, r) || !short_someone(core, h.to)))
                return long_way(t, number);
        if (h.to)
                hear(t, h.to, to);
        else
                mark(to);
        if (waits) {
                short_wait_at(t, from, r);
                return h.to ? run_woken(core, h.to) : short_next(core);
        }
        notification_take(cap_object(from), t);
        return h.to ? short_wake(core, t, h.to) : arch_resume(&t->context);
}

static __attribute__((noinline)) struct context *send_and_wait_far(const struct slot *slot, struct thread *t,
                                                                   int64_t number)
{
        struct cap root = t->slot[TCB_CSPACE].cap;
        const word *x = t->context.x;
        const struct slot *first = lookup_few(root, x[number == SYS_NBSEND_WAIT ? REG_REPLY : REG_SECOND]);
        const struct slot *reply = lookup_few(root, x[REG_REPLY]);

        return first ? send_and_wait(first, t, number, slot, reply) : long_way(t, number);
}

/* At what the cap in `slot` names it waits. */
static keeps_arguments struct context *send_before_wait(const struct slot *slot, word info, struct thread *t,
                                                        int64_t number)
{
        struct cap root = t->slot[TCB_CSPACE].cap;
        word reply = t->context.x[REG_REPLY];
        word first = number == SYS_NBSEND_WAIT ? reply : t->context.x[REG_SECOND];

        (void)info;
        if (!lookup_is_near(root, first) || !lookup_is_near(root, reply))
                return send_and_wait_far(slot, t, number);
        return send_and_wait(lookup_near(root, first), t, number, slot, lookup_near(root, reply));
}

/* --- which */

/* A call by the cap in `slot`. */
static inline __attribute__((always_inline)) struct context *call_through(const struct slot *slot, word info,
                                                                          struct thread *t, int64_t number)
{
        if (number <= SYS_WAIT)
                return short_wait(slot, info, t, number);
        if (number <= SYS_RECV)
                return short_receive(slot, info, t, number);
        if (number <= SYS_SEND)
                return short_send(slot, info, t, number);
        return send_before_wait(slot, info, t, number);
}

/* A CSpace of a few levels, or a thread that takes no short path. */
static __attribute__((noinline)) struct context *call_through_far(word cptr, word info, struct thread *t,
                                                                  int64_t number)
{
        const struct slot *slot = takes_long_way(t) ? NULL : lookup_few(t->slot[TCB_CSPACE].cap, cptr);

        return slot ? call_through(slot, info, t, number) : long_way(t, number);
}

static keeps_arguments struct context *yield_or_unknown(word cptr, word info, struct thread *t,
                                                        int64_t number)
{
        (void)cptr, (void)info;
        return number != SYS_YIELD || takes_long_way(t) ? long_way(t, number) : short_yield(t);
}

struct context *trap_other_syscall(word cptr, word info, struct thread *t, int64_t number)
{
        struct cap root = t->slot[TCB_CSPACE].cap;

        if (rarely((word)number <= (word)SYS_YIELD))
                return yield_or_unknown(cptr, info, t, number);
        if (takes_long_way(t) || !lookup_is_near(root, cptr))
                return call_through_far(cptr, info, t, number);
        return call_through(lookup_near(root, cptr), info, t, number);
}
