/* SPDX-License-Identifier: BSD-2-Clause */
/* Who holds a scheduling context: bindings, donation and what happens when it goes (spec scheduling.md 11, 12). */
#include "time/sched_context.h"
#include "core/panic.h"
#include "chain/binding.h"
#include "time/clock.h"
#include "sched/cores.h"
#include "thread/registers.h"
#include "sched/sched.h"
#include "trace/trace.h"

void sc_thread_woken(struct sched_context *s)
{
        struct core *core = this_core();

        if (!s->sporadic || s == core->charged || !sc_is_configured(s))
                return;
        sc_advance(s, core->now);
        core->reprogram = true;
}

void sc_bind_thread(struct sched_context *s, struct thread *t)
{
        MUST(!s->thread && !t->sc);
        s->thread = t;
        t->sc = s;
        core_follows(t, s);
        sc_thread_woken(s);
        if (!thread_is_runnable(t) || !sc_is_configured(s))
                return;
        if (sc_is_usable(s))
                sched_push(t);
        else
                sched_postpone(t);
}

void sc_unbind_thread(struct sched_context *s)
{
        struct thread *t = s->thread;

        if (t == this_core()->current)
                sched_force();
        sched_remove(t);
        t->sc = NULL;
        s->thread = NULL;
}

void sc_donate(struct sched_context *s, struct thread *to)
{
        MUST(!to->sc);
        trace(TESSERA_TRACE_DONATE, to, 0, (word)s, (word)s->thread);
        if (s->thread) {
                cores_stop(s->thread);
                sc_unbind_thread(s);
        }
        s->thread = to;
        to->sc = s;
        core_follows(to, s);
}

void sc_complete_yield(struct sched_context *s)
{
        struct thread *y = s->yielder;
        word us = sc_take_consumed(s);

        s->yielder = NULL;
        y->yielding_to = NULL;
        if (!y->yield_called)
                return;
        y->context.x[REG_BADGE] = 0;
        y->context.x[REG_INFO] = info_make(0, 0, 0, 1);
        y->context.x[REG_MESSAGE] = us;
}

word sc_take_consumed(struct sched_context *s)
{
        word part = min_word(s->consumed, ~(word)0 / (kernel.clock_hz / 1000));

        s->consumed -= part;
        return us_from_ticks(part);
}

void sc_retire(struct sched_context *s)
{
        struct core *core = this_core();

        if (s->yielder)
                sc_complete_yield(s);
        sc_unbind_all(s);
        if (core->charged == s) {
                core->charged = NULL;
                core->since = core->now;
                core->reprogram = true;
        }
        s->max = 0;
}
