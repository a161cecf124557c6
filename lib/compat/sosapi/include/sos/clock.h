/* SPDX-License-Identifier: BSD-2-Clause */
/* Time since boot from the exported virtual counter. */
#pragma once

#include <clock/timestamp.h>

static inline uint64_t clock_ticks(void)
{
        return timestamp_ticks();
}

/* Ticks in units of which there are so many in a second. */
static inline uint64_t clock_scaled(uint64_t ticks, uint64_t per_second)
{
        return timestamp_scale(ticks, timestamp_get_freq(), per_second);
}

static inline uint64_t clock_us(void)
{
        return timestamp_us(timestamp_get_freq());
}
