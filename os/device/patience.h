/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that somebody waits for: has it done anything lately?
 *
 * It is looked at twice, half of the time apart: a machine that stands still as a whole for long (an emulator whose host is busy) shows
 * one look too late, and ends no driver for it.  A wait that goes on costs a clock that is read, and a timer that is set every half of
 * the time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct patience {
        unsigned who;  /* of timer.h: what wakes the server for the next look */
        uint64_t us;   /* how long a driver may do nothing */
        uint64_t at;   /* of the next look, microseconds since boot; 0: none */
        uint32_t done; /* at the last one */
        bool before;   /* it had done nothing then, either */
};

/* Asked whenever the driver is waited for, and when the timer has rung.  `waits`: somebody does, now; `done` differs when the driver has
 * done anything since.  True: it has not, for all of that time. */
bool patience_is_over(struct patience *p, bool waits, uint32_t done);

/* Another driver begins. */
void patience_begins(struct patience *p);
