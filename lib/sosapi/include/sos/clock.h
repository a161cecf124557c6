/* SPDX-License-Identifier: BSD-2-Clause */
/* Time since boot from the exported virtual counter. */
#pragma once

#include <stdint.h>

static inline uint64_t clock_ticks(void)
{
        uint64_t value;

        __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(value));
        return value;
}

static inline uint64_t clock_hz(void)
{
        uint64_t value;

        __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(value));
        return value;
}

/* Split, so that no product overflows for centuries. */
static inline uint64_t clock_scaled(uint64_t ticks, uint64_t per_second)
{
        uint64_t hz = clock_hz();

        return ticks / hz * per_second + ticks % hz * per_second / hz;
}

static inline uint64_t clock_us(void)
{
        return clock_scaled(clock_ticks(), 1000000);
}
