/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and charging time.  Owns core->now, core->since, and core->reprogram, an order that others give. */
#include "time/clock.h"
#include "arch/arch.h"
#include "core/state.h"
#include "time/preempt.h"
#include "time/sched_context.h"
#include "trace/trace.h"

__attribute__((cold)) void clock_set_rate(word hz)
{
        kernel.clock_hz = hz;
        kernel.clock_khz = hz / 1000;
        kernel.clock_mhz = hz % 1000000 == 0 ? hz / 1000000 : 0;
        kernel.clock_min = 2 * ticks_from_us(KERNEL_WCET_US);
        kernel.period_max_us = ~(word)0 / (kernel.clock_mhz ? kernel.clock_mhz : kernel.clock_khz) / 8;
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
        core->margin = budget_min() - 1;
        core->patience = PATIENCE;
}

word ticks_from_us(word us)
{
        return kernel.clock_mhz ? us * kernel.clock_mhz : us * kernel.clock_khz / 1000;
}

word us_from_ticks(word ticks)
{
        return kernel.clock_mhz ? ticks / kernel.clock_mhz : ticks * 1000 / kernel.clock_khz;
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
