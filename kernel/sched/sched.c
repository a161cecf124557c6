/* SPDX-License-Identifier: BSD-2-Clause */
/* The scheduler: marks during an entry, one decision at its end (spec scheduling.md 3, 4, 8, 9, 10).
 *
 * The wake rule (section 4).  Where a woken thread goes depends on the whole entry, and the kernel knows it only at its end:
 * the one thread that was woken goes behind its equals when the running thread can go on and has the same priority; in all
 * other cases a woken thread goes in front of them.  So the first thread that wakes is put into no queue: core->woken holds it.
 *
 *   - A second one, or a decision that something else forces, settles the first: it goes to the front of its queue
 *     (sched_force), and from then on core->choose says that each further one goes there at once.  That is why of several
 *     that wake in one entry the last one is first.
 *   - At the end pick() looks at core->woken: it runs at once when it beats the running thread, which is every Call and
 *     reply and touches no queue at all; or it goes behind the equals, the exception of the rule; or to the front.
 *
 * A thread in core->woken counts as ready: whoever takes threads out of the ready queues (sched_remove) looks there too.
 */
#include "sched/sched.h"
#include "arch/arch.h"
#include "core/panic.h"
#include "sched/cores.h"
#include "sched/deadline.h"
#include "sched/domain.h"
#include "thread/core_of.h"
#include "thread/ready.h"
#include "thread/release.h"
#include "time/clock.h"
#include "time/preempt.h"
#include "time/sched_context.h"
#include "trace/trace.h"

bool sched_is_eligible(struct thread *t)
{
        return thread_is_runnable(t) && t->sc && sc_is_usable(t->sc);
}

__attribute__((noinline)) void sched_force(void)
{
        struct core *core = this_core();
        struct thread *woken = core->woken;

        core->choose = true;
        core->woken = NULL;
        if (woken)
                ready_push_front(woken);
}

/* The second half of the wake rule: `t` is eligible and in no queue. */
static inline void make_ready(struct core *core, struct thread *t)
{
        if (rarely(t->domain != core->domain)) {
                ready_push_front(t);
                return;
        }
        if (!core->choose) {
                if (!core->woken) {
                        core->woken = t;
                        return;
                }
                sched_force();
        }
        ready_push_front_in(core->ready, t);
}

void sched_wake(struct thread *t)
{
        struct core *core = this_core();

        if (!thread_is_runnable(t) || !t->sc || !sc_is_configured(t->sc))
                return;
        if (t == core->current || t == core->woken || t->in_ready || t->in_release)
                return;
        trace(TESSERA_TRACE_WAKE, t, t->priority, 0, 0);
        if (sc_is_usable(t->sc))
                make_ready(core, t);
        else
                sched_postpone(t);
}

void sched_wake_among(struct thread *t)
{
        struct core *core = this_core();
        struct sched_context *s = t->sc;

        if (!s || !sc_is_configured(s))
                return;
        if (s->sporadic)
                sc_thread_woken(s);
        if (!sc_is_usable(s))
                sched_postpone(t);
        else if (t->domain == core->domain)
                ready_push_front_in(core->ready, t);
        else
                ready_push_front(t);
}

void sched_push(struct thread *t)
{
        if (is_elsewhere(t)) {
                cores_push(t);
                return;
        }
        sched_force();
        if (t != this_core()->current && !t->in_ready)
                ready_push_front(t);
}

void sched_remove(struct thread *t)
{
        struct core *core = this_core();

        if (t == core->woken) {
                core->woken = NULL;
                core->choose = true;
        }
        if (t->in_ready)
                ready_remove(t);
        if (t->in_release)
                release_remove(t);
}

void sched_postpone(struct thread *t)
{
        if (!t->in_release)
                release_insert(t, sc_head(t->sc)->time);
}

void sched_set_domain(struct thread *t, word domain)
{
        bool ready = t->in_ready || t == this_core()->woken;

        if (ready)
                sched_remove(t);
        t->domain = (uint8_t)domain;
        if (ready)
                ready_push_front(t);
        sched_force();
}

/* The running thread's turn is over for now: behind its equals, or waiting for budget. */
void sched_end_turn(struct thread *t)
{
        this_core()->reprogram = true;
        if (sc_is_usable(t->sc))
                ready_push_back(t);
        else
                sched_postpone(t);
}

/* The charged context has too little left: take all that is owed and let its thread's turn end (section 9). */
static void expire(void)
{
        struct core *core = this_core();
        struct sched_context *s = core->charged;
        struct thread *t = core->current;

        clock_settle();
        core->reprogram = true;
        trace(TESSERA_TRACE_EXHAUST, s->thread, !sc_is_round_robin(s), (word)s, 0);
        if (t && t->sc == s && thread_is_runnable(t) && !t->in_ready && !t->in_release) {
                if (!sc_is_round_robin(s) && fault_raise_timeout(t))
                        return;
                sched_end_turn(t);
        }
        sched_force();
}

bool sched_gate(void)
{
        struct core *core = this_core();
        struct thread *t = core->current;

        if (core->now < core->gate)
                return true;
        if (budget_is_over()) {
                expire();
        } else if (domain_is_over()) {
                sched_force();
        } else {
                clock_set_gate();
                return true;
        }
        if (thread_is_runnable(t))
                t->state = RESTARTING;
        return false;
}

void sched_check_budget(void)
{
        if (budget_is_over())
                expire();
}

void sched_preempted(void)
{
        if (budget_is_over())
                expire();
        else
                clock_settle();
}

__attribute__((noinline)) void sched_give_up_turn(void)
{
        struct core *core = this_core();

        sched_give_up_budget(core);
        sched_end_turn(core->current);
}

void sched_yield_turn(void)
{
        const struct core *core = this_core();

        trace(TESSERA_TRACE_CHARGE, core->charged->thread, 0, (word)core->charged, clock_unpaid(core));
        sched_give_up_turn();
        sched_force();
}

/* Threads whose budget has come.  If another interrupt waits after some of them, or one of them has just woken another thread, the rest are
 * released in a later entry: the one that the interrupt causes, or the timer soon after (time/clock.c). */
static __attribute__((noinline)) void release_due(struct core *core)
{
        enum { BATCH = 8 };
        bool timer_silent = false, someone_waits = core->woken || core->choose;

        core->overdue = false;
        for (word n = 1; sched_something_due(core); n++) {
                struct thread *t = release_first(core);

                trace(TESSERA_TRACE_REFILL, t, 0, (word)t->sc, 0);
                /* It is runnable, and the time of its head is the one it waited for. */
                core->reprogram = true;
                if (t != core->current)
                        make_ready(core, t);
                if (n % BATCH != 0 || !sched_something_due(core))
                        continue;
                /* The timer itself stays pending until it gets its next deadline. */
                if (!timer_silent)
                        arch_set_deadline(~(word)0);
                timer_silent = true;
                core->overdue = someone_waits || arch_interrupt_pending();
                if (core->overdue)
                        return;
        }
}

/* The running thread may go on.  Whatever became of its scheduling context within the entry, a runnable thread with a
 * configured one is in exactly one place after it: running, ready, or waiting for budget (docs/contexts.md lists the ways).
 * This is the only place that ensures it, so no path can forget it. */
static bool can_go_on(struct thread *t)
{
        if (!t || t->in_ready || t->in_release)
                return false;
        if (sched_is_eligible(t))
                return true;
        if (thread_is_runnable(t) && t->sc && sc_is_configured(t->sc))
                sched_postpone(t);
        return false;
}

static struct thread *pick(struct core *core)
{
        struct thread *current = core->current, *woken = core->woken;
        bool goes_on = can_go_on(current);

        core->woken = NULL;
        if (woken && !(goes_on && current->priority >= woken->priority) && sched_runs_next(core, woken)) {
                if (goes_on)
                        ready_push_front(current);
                return woken;
        }
        if (woken) {
                bool equal = goes_on && !core->choose && current->domain == core->domain &&
                             woken->priority == current->priority;

                if (equal)
                        ready_push_back(woken);
                else
                        ready_push_front(woken);
                core->choose |= !equal;
        }
        if (goes_on && !core->choose && current->domain == core->domain)
                return current;
        if (goes_on)
                ready_push_front(current);
        return ready_take_best(core->ready);
}

static __attribute__((noinline)) void charge_to(struct core *core, struct sched_context *next)
{
        if (next != core->charged && next && !next->sporadic && !sc_is_round_robin(next))
                sc_advance(next, core->now);
        clock_settle();
        core->charged = next;
        clock_program();
}

void sched_charge_to(struct sched_context *next)
{
        struct core *core = this_core();

        if (next == core->charged && !core->reprogram)
                return;
        if (!next || !sched_charge_plainly(core, next))
                charge_to(core, next);
}

/* Nothing happened in this entry that could change who runs, as in most entries. */
static bool goes_on_undisturbed(const struct core *core)
{
        const struct thread *t = core->current;

        return !core->marks && !core->woken && t && thread_is_runnable(t) && t->sc == core->charged &&
               core->now < core->gate;
}

void sched_decide(void)
{
        struct core *core = this_core();

        if (goes_on_undisturbed(core))
                return;
        if (rarely(sched_something_due(core)))
                release_due(core);
        if (domain_is_over())
                domain_next();
        core->current = pick(core);
        core->choose = false;
        sched_charge_to(core->current ? core->current->sc : NULL);
}
