/* SPDX-License-Identifier: BSD-2-Clause */
/* Alarms: a waiter is rung for at the time it has set.
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

/* Ring for those whose time has come; the time they were set to stays in `at`. */
void alarm_ring(uint64_t now);

/* The time of the next alarm; 0: none is set. */
uint64_t alarm_nearest(void);
