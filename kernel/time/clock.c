/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading, charging and programming time.  Owns core->now, core->since, core->gate and core->reprogram, an order that others give. */
#include "time/clock.h"
#include "arch/arch.h"
#include "core/preempt.h"
#include "core/state.h"
#include "thread/thread.h"
#include "time/sched_context.h"
#include "trace/trace.h"

static word khz(void)
{
        return kernel.clock_hz / 1000;
}

__attribute__((cold)) void clock_set_rate(word hz)
{
        kernel.clock_hz = hz;
        kernel.clock_mhz = hz % 1000000 == 0 ? hz / 1000000 : 0;
        kernel.clock_min = 2 * ticks_from_us(KERNEL_WCET_US);
        kernel.period_max_us = ~(word)0 / (kernel.clock_mhz ? kernel.clock_mhz : khz()) / 8;
        kernel.refill_last = ~(word)0 - 5 * ticks_from_us(kernel.period_max_us);
}

__attribute__((cold)) void clock_start(void)
{
        clock_set_rate(arch_clock_hz());
        clock_start_core();
}

__attribute__((cold)) void clock_start_core(void)
{
        struct core *core = this_core();

        core->now = arch_now();
        core->since = core->now;
        core->reprogram = true;
        core->patience = PATIENCE;
}

word ticks_from_us(word us)
{
        return kernel.clock_mhz ? us * kernel.clock_mhz : us * khz() / 1000;
}

word us_from_ticks(word ticks)
{
        return kernel.clock_mhz ? ticks / kernel.clock_mhz : ticks * 1000 / khz();
}

word budget_min(void)
{
        return kernel.clock_min;
}

word budget_min_us(void)
{
        return 2 * KERNEL_WCET_US;
}

word period_max_us(void)
{
        return kernel.period_max_us;
}

void clock_settle(void)
{
        struct core *core = this_core();
        struct sched_context *s = core->charged;

        word owed = clock_unpaid(core);

        core->since = core->now;
        if (!s || !owed)
                return;
        trace(TESSERA_TRACE_CHARGE, s->thread, 0, (word)s, owed);
        s->consumed += owed;
        if (sc_is_configured(s))
                sc_charge(s, owed);
}

static word less(word time, word ticks)
{
        return time > ticks ? time - ticks : 0;
}

/* The gate of budget: the first tick at which the head has less than MIN left. */
static word budget_end(const struct core *core)
{
        struct sched_context *s = core->charged;

        if (!s || !sc_is_configured(s))
                return ~(word)0;
        return core->since + less(sc_head(s)->amount + 1, budget_min());
}

void clock_set_gate(void)
{
        struct core *core = this_core();
        word gate = budget_end(core);

        if (kernel.domains > 1)
                gate = min_word(gate, less(core->domain_end, budget_min()));
        if (core->release)
                gate = min_word(gate, core->release->release_time);
        core->gate = gate;
}

/* One look at each input serves the deadline and the gate. */
void clock_program(void)
{
        struct core *core = this_core();
        word deadline = ~(word)0, gate = budget_end(core);

        if (core->charged)
                deadline = core->now + sc_head(core->charged)->amount;
        if (rarely(kernel.domains > 1)) {
                deadline = min_word(deadline, core->domain_end);
                gate = min_word(gate, less(core->domain_end, budget_min()));
        }
        if (core->release) {
                /* Those for whom the release of due threads stopped come first: a timer that is late already would be
                 * claimed before their interrupt, and would stop them, again and again until nobody is due. */
                word due = rarely(core->overdue) ? core->now + budget_min() : core->release->release_time;

                deadline = min_word(deadline, due);
                gate = min_word(gate, core->release->release_time);
        }
        arch_set_deadline(deadline);
        core->gate = gate;
        core->reprogram = false;
}
