/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS and the program that wakes it share.  The machine's timers are the kernel's, so there is no device: the program waits
 * by using up the budget of its scheduling context, which the server sets to the time that is wanted. */
#pragma once

#include "sos/driver.h"

struct sos_timer {
        struct driver_start start;
        uint64_t deadline; /* microseconds since boot, by the server: signal it then */
        uint64_t rung;     /* by the driver: how often it did */
};
