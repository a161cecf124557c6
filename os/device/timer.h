/* SPDX-License-Identifier: BSD-2-Clause */
/* Time for the server, the drivers and the monitors of guests: when to wake whom, without a timer device and without busy waiting.
 *
 * The machine's timers belong to the kernel, which already knows how to wake a thread at a time: when the budget of its scheduling context
 * is refilled.  So the program /drv/timer (drivers/timer) gets the nearest wait as the period of its context and yields: it runs again when
 * the period is over, and signals the server.  For a nearer deadline it is stopped while its context is configured again: the refills
 * of a thread that waits for them would keep their old time.
 *
 * Which deadlines there are is known here alone: when the program ends, the one after it is sent off for the nearest again, and nothing
 * that waits is late for more than that.  One that does not ring is ended TIMER_LATE_US after it should have.
 */
#pragma once

#include <device/device.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <stdint.h>

/* Who waits: the server, then drivers by their number, then guests'; last who waits for a driver of line or disk (patience.h). */
enum { TIMER_SERVER, TIMER_DRIVER, TIMER_LINE = 14, TIMER_DISK, TIMER_WATCHERS, TIMER_LATE_US = 10000000 };

/* Before the driver starts.  `tell`: the server's deadline is over; `again` signals the server as the driver does. */
void timer_open(seL4_CPtr sched_control, void (*tell)(void), seL4_CPtr again);

/* Another one is signalled when its deadline is over; `word`, if any, is where it asks for that, and is cleared then. */
void timer_watch(unsigned who, seL4_CPtr signal, uint64_t *word);

/* Microseconds since boot, 0: none; what it replaces does not ring.  Rings once, and may do so too early.  Cost: O(TIMER_WATCHERS); two to
 * five kernel calls when it is now the nearest. */
void timer_wake_at(unsigned who, uint64_t us);

/* The same for one who is not trusted: what is over rings at once, and what is near somewhat later, since the driver's time, and
 * that for its signal, are on nobody's budget. */
void timer_wake_apart(unsigned who, uint64_t us);

/* The driver's row of the table (os/process/driver.c). */
const char *timer_device(struct device *device);
void timer_begins(void *shared, void (*poke)(void));
void timer_runs(seL4_CPtr tcb, seL4_CPtr context);
bool timer_hear(void);
void timer_lost(void);
void timer_gone(void);
bool timer_useful(void);
