/* SPDX-License-Identifier: BSD-2-Clause */
/* Alarms: when time comes for a waiter, it is rung for.
 *
 * A heap by time, so that setting one and finding the nearest costs the logarithm of their number.  Times are microseconds since
 * boot. */
#pragma once

#include <stdint.h>

#include "os/core/wait.h"

enum { ALARMS = 4096 };

struct alarm {
        uint64_t at;    /* 0: not set */
        unsigned index; /* in the heap, from 1 */
        struct waiter *waiter;
};

/* Ring for `w` at that time; 0: not at all. */
void alarm_set(struct alarm *a, struct waiter *w, uint64_t at);

/* Ring for those whose time has come; what they were set to stays in `at`. */
void alarm_ring(uint64_t now);

/* When the next one rings; 0: none is set. */
uint64_t alarm_nearest(void);
