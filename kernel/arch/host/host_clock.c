/* SPDX-License-Identifier: BSD-2-Clause */
/* The counter and the kernel's one-shot timer. */
#include "arch/arch.h"
#include "arch/host/host.h"

enum { FIRST_TICK = 1000000 };

static struct {
        word now, deadline;
} clock = {FIRST_TICK, ~(word)0};

void host_clock_reset(void)
{
        clock.now = FIRST_TICK;
        clock.deadline = ~(word)0;
}

void host_advance(word ticks)
{
        clock.now += ticks;
}

word host_deadline(void)
{
        return clock.deadline;
}

bool host_timer_due(void)
{
        return clock.now >= clock.deadline;
}

bool host_advance_to_deadline(void)
{
        if (clock.deadline == ~(word)0)
                return false;
        if (clock.now < clock.deadline)
                clock.now = clock.deadline;
        return true;
}

word arch_now(void)
{
        return clock.now;
}

word arch_clock_hz(void)
{
        return HOST_CLOCK_HZ;
}

void arch_set_deadline(word ticks)
{
        clock.deadline = ticks;
}
