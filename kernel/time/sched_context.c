/* SPDX-License-Identifier: BSD-2-Clause */
/* The time that a scheduling context has used, and what changes when its thread wakes. */
#include "time/sched_context.h"
#include "time/clock.h"

void sc_thread_woken(struct sched_context *s)
{
        struct core *core = this_core();

        if (!s->sporadic || s == core->charged || !sc_is_configured(s))
                return;
        sc_advance(s, core->now);
        core->reprogram = true;
}

word sc_take_consumed(struct sched_context *s)
{
        word part = min_word(s->consumed, ~(word)0 / (kernel.clock_hz / 1000));

        s->consumed -= part;
        return us_from_ticks(part);
}
