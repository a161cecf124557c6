/* SPDX-License-Identifier: BSD-2-Clause */
/* A clock device without a timer of its own: the kernel's accounting of time.
 *
 * The kernel keeps the machine's timer for itself.  A thread whose scheduling context has a period of n microseconds and
 * which yields sleeps until the period is over; so a thread of high priority, given the right period, is an alarm for any
 * deadline, without polling.  Time stamps come from the virtual counter, which the image must export (mkimage
 * --export-vcnt).
 *
 *      struct alarm alarm;                                static
 *      alarm_open(&alarm, sched_control, notification);   rings by signalling
 *      clock_open(&clock, alarm_device(&alarm));
 *      ... seL4_Wait(notification, ...); clock_expire(&clock);
 *
 * Accuracy: the kernel's, a few microseconds; deadlines closer than ALARM_MIN_US ring up to that much late.
 */
#pragma once

#include <clock/clock.h>
#include <threads/threads.h>

enum { ALARM_MIN_US = 200, ALARM_MAX_US = 60 * 1000 * 1000, ALARM_PRIORITY = 254 };

struct alarm {
        thread_t *thread;
        seL4_CPtr sched_control, go, ring;
        ut_t *go_ut;
        volatile timestamp_t deadline;
        volatile bool armed; /* the thread is on its way; it clears this before it rings */
};

/* 0, or -1 without memory.  The caller's own priority must be below ALARM_PRIORITY. */
int alarm_open(struct alarm *alarm, cspace_t *cspace, seL4_CPtr sched_control, seL4_CPtr ring);
void alarm_close(struct alarm *alarm, cspace_t *cspace);

struct clock_device alarm_device(struct alarm *alarm);

/* Microseconds since the counter began. */
timestamp_t alarm_now(void);
