/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of the processor's counter (sos/clock.h), for files of the starter OS that ask for the time.  A piece of work never ends here. */
#pragma once

#include <stdint.h>

uint64_t world_time(void);

static inline uint64_t clock_us(void)
{
        return world_time();
}

static inline uint64_t clock_ticks(void)
{
        return 0;
}
