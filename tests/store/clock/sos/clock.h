/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of the processor's counter (sos/clock.h), for files of the starter OS that ask for the time. */
#pragma once

#include <stdint.h>

uint64_t world_time(void);

static inline uint64_t clock_us(void)
{
        return world_time();
}
