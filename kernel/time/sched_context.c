/* SPDX-License-Identifier: BSD-2-Clause */
/* The time that a scheduling context has used, and what changes when its thread wakes. */
#include "time/sched_context.h"
#include "door/door.h"
#include "time/clock.h"

void sc_thread_woken(struct sched_context *s)
{
        struct core *core = this_core();

        if (!s->sporadic || s == core->charged || !sc_is_configured(s))
                return;
        sc_advance(s, core->now);
        core->reprogram = true;
}

/* As many ticks as us_from_ticks takes without an overflow. */
static const word CONVERTIBLE = (word)1 << 54;

static inline word take(struct sched_context *s, word ticks)
{
        word part = min_word(ticks, CONVERTIBLE);

        s->consumed -= part;
        return us_from_ticks(part);
}

static __attribute__((noinline, cold)) word take_of_several(struct sched_context *s)
{
        const struct core *core = kernel.peer[s->core];
        bool is_used = s->core != this_core()->number && core->charged == s;
        word owed = is_used ? clock_unpaid_elsewhere(core) : 0, us;

        s->consumed += owed;
        us = take(s, sc_consumed(s));
        s->consumed -= owed;
        return us;
}

word sc_take_consumed(struct sched_context *s)
{
        return several_cores() ? take_of_several(s) : take(s, s->consumed);
}
