/* SPDX-License-Identifier: BSD-2-Clause */
/* See sched_common.h. */
#include "sched_common.h"

/* --- the trace --- */

volatile word trace[TRACE_MAX], trace_time[TRACE_MAX], trace_length;

void trace_clear(void)
{
        trace_length = 0;
}

void mark(word id)
{
        CHECK(trace_length < TRACE_MAX);
        trace_time[trace_length] = now_us();
        trace[trace_length++] = id;
}

word trace_digits(void)
{
        word digits = 0;

        for (word i = 0; i < trace_length; i++)
                digits = digits * 10 + trace[i];
        return digits;
}

int near(word value, word wanted, word tolerance)
{
        return value + tolerance >= wanted && value <= wanted + tolerance;
}

/* --- threads --- */

void marks(word id, word unused)
{
        (void)unused;
        mark(id);
}

void spins(word helper, word unused)
{
        volatile word *step = &((struct helper *)helper)->step;

        (void)unused;
        for (;;) {
                ++*step;
                relax();
        }
}

void waits_then_marks(word ntfn, word id)
{
        for (;;) {
                seL4_Wait(ntfn, NULL);
                mark(id);
        }
}

void yields_and_marks(word id, word unused)
{
        (void)unused;
        for (;;) {
                mark(id);
                seL4_Yield();
        }
}

void spawn_at(struct helper *h, word priority, helper_fn *fn, word a, word b, word budget, word period)
{
        helper_make(h, priority);
        give(h, budget, period, 0);
        helper_start(h, fn, a, b);
}

void spawn_spinner(struct helper *h, word priority, word budget, word period)
{
        spawn_at(h, priority, spins, (word)h, 0, budget, period);
}

void notes_gaps(word argument, word ntfn)
{
        struct gaps *g = (struct gaps *)argument;
        const word shortest = MS / 2;

        g->found = 0;
        if (ntfn)
                seL4_Wait(ntfn, NULL);
        word last = now_us();
        g->begin = last;
        for (;;) {
                word now = now_us();

                if (now - last > shortest && g->found < 2) {
                        g->stop[g->found] = last;
                        g->resume[g->found] = now;
                        g->found++;
                }
                last = now;
                relax();
        }
}

/* --- scheduling contexts --- */

word configure(word sc, struct budget b)
{
        return seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, sc, b.budget, b.period,
                                                b.extra, b.badge, b.flags);
}

word sc_of_bits(word bits)
{
        return new_object(seL4_SchedContextObject, bits);
}

void give(struct helper *h, word budget, word period, word flags)
{
        OK(configure(h->sc, (struct budget){.budget = budget, .period = period, .flags = flags}));
}

word consumed(word sc)
{
        seL4_SchedContext_Consumed_t c = seL4_SchedContext_Consumed(sc);

        OK(c.error);
        return c.consumed;
}

word max_us(void)
{
        word khz = machine_ticks_per_us_x1000(), rate = khz % 1000 ? khz : khz / 1000;

        return ~(word)0 / rate / 8;
}

word runs(struct helper *h, word us)
{
        word before = h->step;

        sleep_us(us);
        return h->step != before;
}

word share(struct helper *h, word us)
{
        consumed(h->sc);
        sleep_us(us);
        return consumed(h->sc) * 1000 / us;
}

/* --- invocations word by word --- */

word invoke(const struct invocation *v)
{
        for (word i = 0; i < v->length; i++)
                seL4_SetMR((int)i, v->mr[i]);
        for (word i = 0; i < v->caps; i++)
                seL4_SetCap((int)i, v->extra[i]);
        seL4_MessageInfo_t m = seL4_Call(v->cap, seL4_MessageInfo_new(v->label, 0, v->caps, v->length));
        return seL4_MessageInfo_get_label(m);
}

int range_is(word low, word high)
{
        return seL4_GetMR(0) == low && seL4_GetMR(1) == high;
}
