/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading, charging and programming time.  Owns core->now, unpaid and reprogram. */
#include "thread/clock.h"
#include "arch/arch.h"
#include "core/state.h"
#include "thread/sched_context.h"
#include "thread/thread.h"

void clock_start(void)
{
        struct core *core = this_core();

        kernel.clock_hz = arch_clock_hz();
        kernel.clock_min = 2 * ticks_from_us(KERNEL_WCET_US);
        core->now = arch_now();
        core->unpaid = 0;
        core->reprogram = true;
}

static bool whole_mhz(void)
{
        return kernel.clock_hz % 1000000 == 0;
}

static word khz(void)
{
        return kernel.clock_hz / 1000;
}

word ticks_from_us(word us)
{
        return whole_mhz() ? us * (kernel.clock_hz / 1000000) : us * khz() / 1000;
}

word us_from_ticks(word ticks)
{
        return whole_mhz() ? ticks / (kernel.clock_hz / 1000000) : ticks * 1000 / khz();
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
        word rate = whole_mhz() ? kernel.clock_hz / 1000000 : khz();

        return ~(word)0 / rate / 8;
}

void clock_account(void)
{
        struct core *core = this_core();
        word now = arch_now(), passed = now - core->now;

        core->now = now;
        if (core->charged)
                core->unpaid += passed;
        if (kernel.domains > 1)
                core->domain_left -= min_word(passed, core->domain_left);
}

void clock_settle(void)
{
        struct core *core = this_core();
        struct sched_context *s = core->charged;

        if (s && core->unpaid) {
                s->consumed += core->unpaid;
                if (sc_is_configured(s))
                        sc_charge(s, core->unpaid);
        }
        core->unpaid = 0;
}

void clock_program(void)
{
        struct core *core = this_core();
        word deadline = ~(word)0;

        if (core->charged)
                deadline = core->now + sc_head(core->charged)->amount;
        if (kernel.domains > 1)
                deadline = min_word(deadline, core->now + core->domain_left);
        if (core->release)
                deadline = min_word(deadline, core->release->heap_time);
        arch_set_deadline(deadline);
        core->reprogram = false;
}
