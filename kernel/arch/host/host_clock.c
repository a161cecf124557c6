/* SPDX-License-Identifier: BSD-2-Clause */
/* The counter, and the kernel's one-shot timer, of which each core has one. */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "core/state.h"

enum { FIRST_TICK = 1000000 };

static struct {
        word now;
        struct {
                _Alignas(256) word deadline; /* in a line that no other core touches */
        } core[CORES_MAX];
} clock = {.now = FIRST_TICK};

static word *deadline(void)
{
        return &clock.core[this_core()->number].deadline;
}

void host_clock_reset(void)
{
        clock.now = FIRST_TICK;
        for (word n = 0; n < CORES_MAX; n++)
                clock.core[n].deadline = ~(word)0;
}

void host_advance(word ticks)
{
        __atomic_fetch_add(&clock.now, ticks, __ATOMIC_RELAXED);
}

word host_deadline(void)
{
        return *deadline();
}

bool host_timer_due(void)
{
        return arch_now() >= *deadline();
}

bool host_advance_to_deadline(void)
{
        if (*deadline() == ~(word)0)
                return false;
        if (clock.now < *deadline())
                clock.now = *deadline();
        return true;
}

word arch_now(void)
{
        return __atomic_load_n(&clock.now, __ATOMIC_RELAXED);
}

word arch_clock_hz(void)
{
        return HOST_CLOCK_HZ;
}

void arch_set_deadline(word ticks)
{
        *deadline() = ticks;
}
