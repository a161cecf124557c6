/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling control and scheduling contexts (spec objects.md 11, 12; scheduling.md 5, 11, 12). */
#include "chain/binding.h"
#include "chain/donation.h"
#include "core/state.h"
#include "invoke/invoke.h"
#include "sched/cores.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "time/preempt.h"

enum { SPORADIC = 1, REFILLS_MIN = 2 };

struct parameters {
        struct sched_context *sc;
        word budget, period; /* ticks */
        word refills;
};

static word refills_that_fit(struct cap c)
{
        return (bit(cap_info(c)) - sizeof(struct sched_context)) / sizeof(struct refill);
}

/* 1 to 9 */
static enum outcome check_parameters(struct request *r, struct parameters *p)
{
        word budget_us = request_word(r, 0), period_us = request_word(r, 1), extra = request_word(r, 2);
        if (budget_us > period_max_us() || period_us > period_max_us())
                return refuse_range(r, budget_min_us(), period_max_us());
        p->budget = ticks_from_us(budget_us);
        p->period = ticks_from_us(period_us);
        if (p->budget < budget_min() || p->period < budget_min())
                return refuse_range(r, budget_min_us(), period_max_us());
        if (p->budget > p->period)
                return refuse_range(r, budget_min_us(), period_us);
        struct cap c = r->extra[0]->cap;
        if (cap_kind(c) != CAP_SCHED_CONTEXT)
                return refuse_capability(r, 1);
        if (extra > refills_that_fit(c) - REFILLS_MIN)
                return refuse_range(r, 0, refills_that_fit(c) - REFILLS_MIN);
        p->sc = cap_object(c);
        p->refills = REFILLS_MIN + extra;
        return DONE;
}

/* `s` is to be used on `core`.  If it is another core than before, the context starts over; its thread, in no queue and running
 * nowhere else, goes along (smp.md 3.1). */
static __attribute__((noinline, cold)) void choose_core(struct sched_context *s, word core)
{
        if (s->core == core)
                return;
        s->core = core;
        s->max = 0;
        if (!s->thread)
                return;
        core_follows(s->thread, s);
        if (s->thread == this_core()->current)
                sched_force();
}

static void configure(const struct request *r, const struct parameters *p)
{
        struct core *core = this_core();
        struct sched_context *s = p->sc;
        struct thread *t = s->thread;

        if (t)
                sched_remove(t);
        if (s == core->charged && t)
                clock_settle();
        if (several_cores())
                choose_core(s, cap_core(r->cap));
        if (p->budget != p->period && sc_is_configured(s) && t && thread_is_runnable(t))
                sc_refill_update(s, p->refills, p->budget, p->period, core->now);
        else
                sc_refill_fresh(s, p->refills, p->budget, p->period, core->now);
        if (s == core->charged)
                core->reprogram = true;
}

/* The thread finds its place by the new budget. */
static void place(struct thread *t)
{
        if (!thread_is_runnable(t))
                return;
        if (t != this_core()->current)
                sched_wake(t);
        else if (!sc_is_usable(t->sc))
                sched_postpone(t);
}

enum outcome sched_configure(struct request *r)
{
        struct parameters p;

        if (check_parameters(r, &p) != DONE)
                return REFUSED;
        /* The head is kept, so everything due has to be merged into it first. */
        while (p.sc->behind) {
                sc_catch_up(p.sc);
                if (preempt_point(REFILL_MERGES_COST))
                        return AGAIN;
        }
        configure(r, &p);
        p.sc->badge = request_word(r, 3);
        p.sc->sporadic = request_word(r, 4) & SPORADIC;
        if (p.sc->thread)
                place(p.sc->thread);
        return DONE;
}

static enum outcome bind_thread(struct request *r, struct sched_context *s, struct thread *t)
{
        if (s->thread || t->sc || (thread_is_blocked(t) && !sc_is_usable(s)))
                return refuse_illegal(r);
        sc_bind_thread(s, t);
        return DONE;
}

static enum outcome bind_notification(struct request *r, struct sched_context *s, struct notification *n)
{
        if (s->notification || n->sc)
                return refuse_illegal(r);
        notification_bind_sc(n, s);
        return DONE;
}

enum outcome sched_bind(struct request *r)
{
        struct sched_context *s = cap_object(r->cap);
        struct cap c = r->extra[0]->cap;
        if (cap_kind(c) == CAP_TCB)
                return bind_thread(r, s, cap_object(c));
        if (cap_kind(c) == CAP_NOTIFICATION)
                return bind_notification(r, s, cap_object(c));
        return refuse_capability(r, 1);
}

enum outcome sched_unbind(struct request *r)
{
        struct sched_context *s = cap_object(r->cap);

        if (s->thread == r->caller)
                return refuse_illegal(r);
        sc_unbind_all(s);
        return DONE;
}

enum outcome sched_unbind_object(struct request *r)
{
        struct sched_context *s = cap_object(r->cap);
        struct cap c = r->extra[0]->cap;
        if (cap_kind(c) == CAP_TCB) {
                if (s->thread != cap_object(c) || s->thread == r->caller)
                        return refuse_illegal(r);
                sc_unbind_thread(s);
                return DONE;
        }
        if (cap_kind(c) == CAP_NOTIFICATION) {
                if (s->notification != cap_object(c))
                        return refuse_illegal(r);
                notification_unbind_sc(s->notification);
                return DONE;
        }
        return refuse_capability(r, 1);
}

enum outcome sched_context_yield_to(struct request *r)
{
        struct sched_context *s = cap_object(r->cap);
        struct thread *t = s->thread;

        if (!t || t == r->caller || t->priority > r->caller->mcp)
                return refuse_illegal(r);
        r->caller->yield_called = r->call;
        if (sched_yield_to(s))
                return BLOCKED;
        request_answer(r, 0, sc_take_consumed(s));
        return DONE;
}

enum outcome sched_consumed(struct request *r)
{
        request_answer(r, 0, sc_take_consumed(cap_object(r->cap)));
        return DONE;
}
