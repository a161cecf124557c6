/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of the processor's counter (sos/clock.h): a tick of the world is 1/16 us. */
#pragma once

#include <stdint.h>

uint64_t clock_ticks(void);

static inline uint64_t clock_scaled(uint64_t ticks, uint64_t per_second)
{
        return ticks * per_second / 16000000;
}

static inline uint64_t clock_us(void)
{
        return clock_ticks() / 16;
}
