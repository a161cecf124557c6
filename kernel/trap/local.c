/* SPDX-License-Identifier: BSD-2-Clause */
/* The proofs of local mode for all system calls but Call and ReplyRecv, and for the timer (door/local.h): what is found to be at home here
 * goes the short way that there is, and anything else back to the door. */
#include "door/local.h"
#include "chain/reply.h"
#include "ipc/endpoint.h"
#include "sched/sched.h"
#include "thread/release.h"
#include "trap/leave.h"
#include "trap/short.h"
#include "trap/short_wait.h"
#include "trap/syscall.h"
#include "trap/trap.h"

/* Whoever runs when the running thread stops does not have to look at a scheduling context of another core first. */
static inline __attribute__((always_inline)) bool next_is_plain(const struct core *core)
{
        const struct thread *next = core->ready->head[core->ready->some.highest];

        return !next || !next->yielding_to;
}

/* A core whose only thread yields would idle, so it goes by the door at once. */
static bool can_yield(const struct core *core)
{
        const struct thread *next = core->ready->head[core->ready->some.highest];

        return home_here(core) < HOME_NOWHERE && next && !next->yielding_to;
}

/* `to`, which waits, can leave its queue: it and the queue are at home here. */
static bool can_be_woken(const struct core *core, const struct thread *to)
{
        return to->domain == core->number &&
               (to->state != RECEIVING ||
                endpoint_home((const struct endpoint *)to->waiting_at) == core->number);
}

/* A bound thread of another core may be about to receive, or to leave its endpoint: nobody looks at it from here. */
static inline __attribute__((always_inline)) bool hears(const struct core *core, const struct notification *n)
{
        if (n->bound && n->bound->domain != core->number)
                return false;
        const struct thread *to = short_hearer(n);
        return !to || can_be_woken(core, to);
}

bool local_hears(const struct core *core, const struct notification *n)
{
        return hears(core, n);
}

static bool can_signal(const struct core *core, const struct notification *n)
{
        return n->home == home_here(core) && hears(core, n);
}

/* At an endpoint at home here nobody receives: whoever sends waits among the senders, or has nobody to send to. */
static __attribute__((noinline)) bool can_begin(const struct core *core, const struct endpoint *e)
{
        return (as_seen(e->holds) & ~(word)ENDPOINT_SENDERS) == home_here(core) &&
               !(endpoint_receives(e) && e->queue.first) && next_is_plain(core);
}

static bool can_send(const struct core *core, struct cap c)
{
        const struct endpoint *e = cap_object(c);

        if (cap_kind(c) == CAP_NOTIFICATION)
                return can_signal(core, cap_object(c));
        return cap_kind(c) == CAP_ENDPOINT && endpoint_is_of(as_seen(e->holds), core) && e->queue.first &&
               e->queue.first->domain == core->number;
}

static __attribute__((noinline)) keeps_arguments struct context *
send_to_nobody(const struct slot *slot, word info, struct thread *t, int64_t number)
{
        struct cap c = slot->cap;

        if (cap_kind(c) == CAP_ENDPOINT && can_begin(this_core(), cap_object(c)))
                return short_send(slot, info, t, number);
        return cap_kind(c) == CAP_NOTIFICATION ? mail_send(slot, info, t) : door_again();
}

struct context *local_call(struct cap c, word info, struct thread *t)
{
        const struct core *core = this_core();

        if (info_caps(info) || !can_begin(core, cap_object(c)) || !short_may(core))
                return door_again();
        return short_block(c, t, true);
}

/* At an endpoint at home here receivers wait, or did last, or a sender does that is at home too. */
static inline bool can_join(const struct core *core, const struct endpoint *e)
{
        word holds = as_seen(e->holds);
        const struct thread *from;

        if (endpoint_is_of(holds, core))
                return true;
        if (holds != (home_here(core) | ENDPOINT_SENDERS))
                return false;
        from = e->queue.first;
        return from && from->domain == core->number;
}

/* The reply object that a receive of `t` offers, or NULL. */
static struct reply *offered(const struct thread *t)
{
        struct cap c = short_find(t, t->context.x[REG_REPLY]);

        return cap_kind(c) == CAP_REPLY ? cap_object(c) : NULL;
}

void local_come_home(void)
{
        const struct core *core = this_core();
        struct notification *bound = core->current->bound;
        struct reply *r = offered(core->current);

        if (r && !r->thread)
                r->home = core_mark();
        if (bound)
                bound->home = home_of(core->number);
}

/* Idle, and at home here. */
static inline bool reply_is_here(const struct reply *r)
{
        return r && as_seen(r->home) == core_mark();
}

static keeps_arguments struct context *receive_at_endpoint(const struct slot *slot, word info,
                                                           struct thread *t, int64_t number)
{
        const struct core *core = this_core();
        struct cap c = slot->cap;

        if (cap_kind(c) != CAP_ENDPOINT || !can_join(core, cap_object(c)))
                return door_again();
        if (t->bound && t->bound->home != home_here(core))
                return door_again_and_home();
        if (number <= SYS_WAIT)
                return short_wait(slot, info, t, number);
        return reply_is_here(offered(t)) ? short_receive(slot, info, t, number) : door_again_and_home();
}

static struct context *through(const struct slot *slot, word info, struct thread *t, int64_t number)
{
        const struct core *core = this_core();
        const struct notification *n = cap_object(slot->cap);

        if (number > SYS_RECV) {
                if (number > SYS_SEND)
                        return door_again();
                if (!can_send(core, slot->cap))
                        return send_to_nobody(slot, info, t, number);
                return short_send(slot, info, t, number);
        }
        if (!next_is_plain(core))
                return door_again();
        if (cap_kind(slot->cap) != CAP_NOTIFICATION)
                return receive_at_endpoint(slot, info, t, number);
        if (n->home != home_here(core))
                return door_again();
        return number <= SYS_WAIT ? short_wait(slot, info, t, number) : short_receive(slot, info, t, number);
}

struct context *local_other_syscall(word cptr, word info, struct thread *t, int64_t number)
{
        struct cap root = t->slot[TCB_CSPACE].cap;

        if (takes_long_way(t))
                return door_again();
        if (number == SYS_YIELD)
                return can_yield(this_core()) ? short_yield(t) : door_again();
        if ((word)number <= (word)SYS_YIELD || !lookup_is_near(root, cptr))
                return door_again();
        return through(lookup_near(root, cptr), info, t, number);
}

/* --- the timer */

/* If the turn of the running thread ends, it does without a fault. */
static bool ends_without_fault(const struct core *core)
{
        return sc_is_round_robin(core->charged) || cap_is_null(core->current->slot[TCB_TIMEOUT_HANDLER].cap);
}

/* A few threads are due, so all of them are released in this entry (sched.c), and each continues where it stopped. */
static bool can_release(const struct core *core)
{
        enum { FEW = 8 };
        const struct thread *t = core->release;

        for (unsigned n = 0; t && t->release_time <= core->now; t = release_after(t)) {
                if (t->yielding_to || ++n > FEW)
                        return false;
        }
        return true;
}

static __attribute__((noinline)) struct context *release_few(const struct core *core)
{
        if (!can_release(core))
                return NULL;
        sched_check_budget();
        return leave();
}

/* Nobody looks on, and looking at the budget changes nothing. */
static bool may_end(const struct core *core)
{
        return core->now >= core->gate && home_here(core) < HOME_NOWHERE && !core->uncommon &&
               !core->charged->behind && !takes_long_way(core->current) && next_is_plain(core);
}

struct context *local_interrupt(void)
{
        struct core *core = this_core();

        clock_account();
        if (!may_end(core))
                return home_is_letter(home_here(core)) ? mail_take(core) : NULL;
        bool ends = budget_is_over();
        if (ends && !ends_without_fault(core))
                return NULL;
        if (sched_something_due(core))
                return release_few(core);
        if (!ends || !short_someone(core, NULL))
                return NULL;
        clock_settle();
        sched_end_turn(core->current);
        return short_next(core);
}
