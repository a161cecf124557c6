/* SPDX-License-Identifier: BSD-2-Clause */
/* The timer server and its alarm: sleeping without a timer device and without busy waiting.
 *
 * The machine's timers belong to the kernel, which already knows how to wake a thread at a time: when the budget of its
 * scheduling context is refilled.  So the alarm is a thread that has a context with the wanted delay as its period and
 * yields: it runs again when the period is over, and signals the server.  For a nearer deadline the alarm is stopped while
 * its context is configured again: the refills of a thread that waits for them would keep their old time.
 */
#pragma once

#include <sel4/sel4.h>

/* Those who are signalled instead of answered: the system server, and drivers by their number. */
enum { TIMER_SLEEPERS = 48, TIMER_DRIVERS = 8, TIMER_WATCHERS = 1 + TIMER_DRIVERS };

/* Slots of the server's CSpace, and of the alarm's. */
enum {
        TIMER_ENDPOINT = 1, /* read */
        TIMER_GO,           /* write: the alarm's notification */
        TIMER_ALARM_SC,
        TIMER_ALARM_TCB,
        TIMER_SCHED_CONTROL,
        TIMER_WATCHER,                                  /* write: the server's alarm, then those of drivers */
        TIMER_REPLIES = TIMER_WATCHER + TIMER_WATCHERS, /* TIMER_SLEEPERS + 1 of them */
};
enum { ALARM_GO = 1, ALARM_RING };

/* The badge of the alarm's signal, through the notification bound to the server. */
#define TIMER_BADGE_RING (1ull << 63)

/* The badge of driver n on the server's endpoint is this, and n. */
#define TIMER_BADGE_DRIVER (1ull << 61)

void timer_run(void *unused);
void timer_alarm_run(void *unused);
