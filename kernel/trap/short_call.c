/* SPDX-License-Identifier: BSD-2-Clause */
/* Call and ReplyRecv (spec ipc.md 5.2, 5.3, 8.4; see short.h).
 *
 * When caller and server share one scheduling context the clock is not read: no time changes its owner, and what is
 * owed stays owed (spec scheduling.md 8.1).
 *
 * With several cores all that is touched is at home here, past the door and behind it (door/local.h): what is not takes the long
 * path, which starts again at the door.
 */
#include "chain/reply.h"
#include "door/local.h"
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "ipc/message.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "time/sched_context.h"
#include "trap/leave.h"
#include "trap/short.h"
#include "trap/short_switch.h"
#include "trap/syscall.h"

/* Another scheduling context may pay from now on: the gate is open and nothing else is due.  Reads the clock. */
static inline __attribute__((always_inline)) bool may_switch_time(struct core *core,
                                                                  struct sched_context *next)
{
        if (!next)
                return false;
        return short_may(core) && sc_is_usable(next);
}

/* `to` runs instead of the thread that just stopped. */
static inline void run(struct core *core, struct thread *to)
{
        to->state = RUNNING;
        core->current = to;
}

/* --- Call */

/* The arguments of this and the next two are in the registers where trap_call has them. */
keeps_arguments static struct context *call_with_caps(struct thread *to, word info, struct endpoint *e,
                                                      struct reply *r, word badge, struct thread *t, word cap)
{
        struct core *core = this_core();
        bool grants = cap_rights((struct cap){.a = cap}) & RIGHT_GRANT;
        struct message_caps caps;

        (void)info;
        if (is_local())
                return door_again(); /* the tree of caps is everybody's */
        if (!message_find_near_caps(t, to, &caps) || (to->sc && !may_switch_time(core, to->sc)))
                return long_way(t, SYS_CALL);
        waitq_leave(&e->queue, to);
        message_transfer(t, to, e, badge, grants ? &caps : NULL);
        return short_await(core, t, to, r);
}

/* Words in the buffers, others in the queue, or a server that has time of its own and is not call_active's. */
starts_a_line keeps_arguments static struct context *call_at_length(struct thread *to, word info,
                                                                    struct endpoint *e, struct reply *r,
                                                                    word badge, struct thread *t, word cap)
{
        struct core *core = this_core();

        if (info_caps(info))
                return call_with_caps(to, info, e, r, badge, t, cap);
        if (to->sc && !may_switch_time(core, to->sc))
                return long_way(t, SYS_CALL);
        waitq_leave(&e->queue, to);
        message_deliver(t, to, badge);
        return short_await(core, t, to, r);
}

/* A server that has time of its own, alone in its queue, and a message as most are. */
starts_a_line static __attribute__((noinline)) struct context *
call_active(struct thread *to, word info, struct endpoint *e, struct reply *r, word badge, struct thread *t,
            word cap, struct sched_context *time)
{
        struct core *core = this_core();
        word now;

        if (!waitq_is_alone(to) || !message_is_short(t, to, info) || !short_may_run(core, time, &now))
                return call_at_length(to, info, e, r, badge, t, cap);
        e->queue.first = NULL;
        message_deliver_short(t, to, badge, info);
        to->reply = NULL;
        reply_await(r, t);
        return short_run_plainly(core, to, time, now);
}

/* The objects below the top of a stack, whose links change when something is lent or comes back, are at home here. */
static inline bool chain_is_here(const struct core *core, const struct reply *below)
{
        return !rarely(below != NULL) || below->thread->domain == core->number;
}

/* Receivers wait at an endpoint that has `holds`, or did last.  With several cores: all that a call of `t` through it touches is at
 * home here, the receiver's core aside. */
static inline bool may_call_at(const struct core *core, word holds, const struct reply *below)
{
        if (several_cores())
                return endpoint_is_of(holds, core) && chain_is_here(core, below);
        return !rarely(holds != ENDPOINT_RECEIVERS);
}

/* No receiver is at home here. */
static __attribute__((noinline)) struct context *call_nobody(struct cap c, word info, struct thread *t)
{
        return is_local() ? local_call(c, info, t) : long_way(t, SYS_CALL);
}

/* A cap that one CNode does not resolve alone, or a thread that takes no short path. */
static __attribute__((noinline)) struct context *call_far(word cptr, word info, struct thread *t)
{
        struct slot *slot = takes_long_way(t) ? NULL : lookup_few(t->slot[TCB_CSPACE].cap, cptr);

        if (!slot)
                return long_way(t, SYS_CALL);
        struct cap c = slot->cap;
        if (!endpoint_may_call(c))
                return is_local() ? door_again() : far_invocation(slot, info, t, c);
        const struct endpoint *e = cap_object(c);
        struct thread *to = as_seen(e->queue.first);
        if (!may_call_at(this_core(), as_seen(e->holds), t->sc->reply) || !to || !to->reply ||
            !sched_runs_next(this_core(), to))
                return long_way(t, SYS_CALL);
        return call_at_length(to, info, cap_object(c), to->reply, cap_badge(c), t, c.a);
}

struct context *trap_call(word cptr, word info, struct thread *t)
{
        struct core *core = this_core();
        struct cap root = t->slot[TCB_CSPACE].cap;

        if (takes_long_way(t) || !lookup_is_near(root, cptr))
                return call_far(cptr, info, t);
        struct slot *slot = lookup_near(root, cptr);
        struct cap c = slot->cap;
        together(c.a, c.b);
        if (!endpoint_may_call(c))
                return is_local() ? door_again() : short_invocation(slot, info, t, c);
        struct endpoint *e = cap_object(c);
        struct thread *to = as_seen(e->queue.first);
        word holds = as_seen(e->holds);
        const struct reply *below = t->sc->reply;
        together(to, holds);
        if (!may_call_at(core, holds, below) || rarely(!to))
                return call_nobody(c, info, t);
        struct sched_context *time = to->sc;
        struct reply *r = to->reply;
        together(time, r);
        if (rarely(!r) || !sched_runs_next(core, to))
                return long_way(t, SYS_CALL);
        if (rarely(time != NULL))
                return call_active(to, info, e, r, cap_badge(c), t, c.a, time);
        if (rarely(!waitq_is_alone(to)) || rarely(!info_fits_registers(info)))
                return call_at_length(to, info, e, r, cap_badge(c), t, c.a);

        e->queue.first = NULL;
        message_move_registers(t, to, info & ones(7));
        message_announce(to, cap_badge(c), info_plain(info));
        reply_lend(r, t, to);
        run(core, to);
        return leave_known(core, to);
}

/* --- ReplyRecv */

/* An endpoint to receive from. */
static inline bool may_receive_from(struct cap c)
{
        return cap_kind(c) == CAP_ENDPOINT && cap_rights(c) & RIGHT_READ;
}

/* `t` waits at `e`. */
static inline __attribute__((always_inline)) void wait_at(struct endpoint *e, struct thread *t)
{
        t->waiting_at = &e->queue;
        t->state = RECEIVING;
        waitq_join(&e->queue, t);
        one_core_clear(&e->holds);
}

/* The server runs on the time that was `lent` through a reply object, and it goes back to a caller that has none. */
static inline bool time_comes_back(const struct sched_context *lent, const struct thread *t,
                                   const struct thread *to)
{
        return lent == t->sc && !to->sc;
}

static inline bool is_stacked(const struct reply *r)
{
        struct reply *below = r->below, *above = r->above;

        together(below, above);
        return r->lends || below || above;
}

static __attribute__((noinline)) struct context *reply_at_length(struct thread *t, struct reply *r,
                                                                 struct endpoint *e)
{
        struct core *core = this_core();
        struct thread *to = r->thread;
        word info = t->context.x[REG_INFO];
        bool lent = time_comes_back(r->lends, t, to), fault = to->fault.type != FAULT_NONE;

        if (!(waitq_is_empty(&e->queue) || endpoint_receives(e)) ||
            (fault ? !fault_restarts(to, info) : info_caps(info) != 0) || to->state != AWAITING_REPLY ||
            (!lent && (is_stacked(r) || !may_switch_time(core, to->sc))))
                return long_way(t, SYS_REPLY_RECV);
        if (fault) {
                fault_answer(t, to);
                to->context.pc = to->context.restart;
        } else {
                message_deliver(t, to, 0);
        }
        if (lent)
                reply_return(r, t, to, r->lends);
        else {
                to->reply = NULL;
                r->thread = t;
                t->reply = r;
        }
        wait_at(e, t);
        run(core, to);
        return lent ? leave_known(core, to) : short_run(core, to);
}

/* To a caller that has time of its own, nothing having been lent, and a message as most are.  The arguments are in the registers where
 * trap_reply_recv has them. */
starts_a_line static __attribute__((noinline)) struct context *
reply_active(struct thread *to, word info, struct endpoint *e, struct thread *t, struct reply *r)
{
        struct core *core = this_core();
        struct sched_context *time = to->sc;
        word now;

        if (!time || is_stacked(r) || to->fault.type != FAULT_NONE || to->state != AWAITING_REPLY ||
            !waitq_is_empty(&e->queue) || !message_is_short(t, to, info) || !short_may_run(core, time, &now))
                return reply_at_length(t, r, e);
        message_deliver_short(t, to, 0, info);
        to->reply = NULL;
        r->thread = t;
        t->reply = r;
        wait_at(e, t);
        return short_run_plainly(core, to, time, now);
}

/* All else is at home here that a ReplyRecv of `t` touches, where the caller is, and so the reply object: the endpoint, the notification
 * bound to `t`, and the reply object below. */
static inline bool answers_at_home(const struct core *core, const struct endpoint *e,
                                   const struct reply *below, const struct thread *t)
{
        return endpoint_is_of(as_seen(e->holds), core) &&
               (!rarely(t->bound != NULL) ||
                (t->bound->home == home_here(core) && short_bound_is_quiet(t))) &&
               chain_is_here(core, below);
}

static __attribute__((noinline)) struct context *reply_recv_far(struct thread *t, word cptr, word reply)
{
        struct cap c = short_find_far(t, reply), from = short_find_far(t, cptr);
        struct reply *r = cap_object(c);
        struct endpoint *e = cap_object(from);

        if (cap_kind(c) != CAP_REPLY || !may_receive_from(from) || !as_seen(r->thread) ||
            !sched_runs_next(this_core(), as_seen(r->thread)) ||
            !(several_cores() ? answers_at_home(this_core(), e, r->below, t) : short_bound_is_quiet(t)))
                return long_way(t, SYS_REPLY_RECV);
        return reply_at_length(t, r, e);
}

/* No notification bound to `t` interferes.  With several cores: all is at home here.  The decision costs nothing with one. */
static inline bool may_answer(const struct core *core, const struct endpoint *e, const struct reply *below,
                              const struct thread *t)
{
        struct notification *const *at = &t->bound;
        const struct notification *bound;

        if (several_cores_or((const void *const *)at, (const void **)&bound))
                return answers_at_home(core, e, below, t);
        return !rarely(bound != NULL) || (!bound->raised && !bound->sc);
}

struct context *trap_reply_recv(word cptr, word info, struct thread *t)
{
        struct core *core = this_core();
        struct cap root = t->slot[TCB_CSPACE].cap;
        word reply = t->context.x[REG_REPLY];

        if (takes_long_way(t) || t->interrupted)
                return long_way(t, SYS_REPLY_RECV);
        if (!lookup_is_near(root, reply) || !lookup_is_near(root, cptr))
                return reply_recv_far(t, cptr, reply);
        struct cap c = lookup_near(root, reply)->cap, from = lookup_near(root, cptr)->cap;
        struct endpoint *e = cap_object(from);
        if (rarely(cap_kind(c) != CAP_REPLY) || !may_receive_from(from))
                return long_way(t, SYS_REPLY_RECV);
        struct reply *r = cap_object(c);
        struct thread *to = as_seen(r->thread);
        struct sched_context *lent = as_seen(r->lends);
        const struct reply *below = as_seen(r->below);
        together(to, lent);
        if (rarely(!to) || !sched_runs_next(core, to) || !may_answer(core, e, below, t))
                return long_way(t, SYS_REPLY_RECV);
        /* A reply object that lends time is awaited. */
        if (!time_comes_back(lent, t, to))
                return reply_active(to, info, e, t, r);
        if (to->fault.type != FAULT_NONE || !info_fits_registers(info) || !waitq_is_empty(&e->queue))
                return reply_at_length(t, r, e);

        message_move_registers(t, to, info & ones(7));
        message_announce(to, 0, info_plain(info));
        reply_return(r, t, to, lent);
        wait_at(e, t);
        run(core, to);
        return leave_known(core, to);
}
