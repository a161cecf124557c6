/* SPDX-License-Identifier: BSD-2-Clause */
/* See donation.h. */
#include "chain/donation.h"
#include "chain/binding.h"
#include "core/panic.h"
#include "sched/cores.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "trace/trace.h"

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
