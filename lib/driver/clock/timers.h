/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers with registers, as devices of a clock: Arm SP804 (DDI 0271) and the timers A and E of Amlogic Meson; and the real-time
 * clock PL031 (DDI 0224), whose driver stands here and nowhere else.
 *
 * The caller maps the registers and attaches the interrupt.  The interrupt's handler calls the timer's acknowledge
 * function, then clock_expire.  A timer may ring without cause, which a clock tolerates: when a wait is longer than it can count, or so
 * that no wrap of its counter is missed.
 *
 *      struct sp804 timer;                                static
 *      sp804_open(&timer, device.registers, fdt_read_clock(&fdt, device.node));
 *      clock_open(&clock, sp804_device(&timer));
 *
 * All calls cost a few accesses to registers.
 */
#pragma once

#include <clock/clock.h>
#include <stdbool.h>

/* --- SP804, "arm,sp804": its first counter is the time, its second one the alarm --- */

struct sp804 {
        volatile void *registers;
        uint32_t hertz, last;
        uint64_t wraps; /* of the counter, in ticks */
};

/* Both counters are taken; `hertz` is that of their clock.  False: 0 Hz. */
bool sp804_open(struct sp804 *timer, volatile void *registers, uint32_t hertz);
void sp804_acknowledge(struct sp804 *timer);
struct clock_device sp804_device(struct sp804 *timer);

/* --- Meson: the block at 0xc1109940 of the S905; E is the time, A the alarm (line 42, edge) --- */

enum { MESON_TIMERS_AT = 0x940 }; /* in the page 0xc1109000 */

struct meson_timer {
        volatile void *registers;
};

/* The other timers of the block are left as they are.  The line is acknowledged by the kernel alone. */
void meson_timer_open(struct meson_timer *timer, volatile void *registers);
struct clock_device meson_timer_device(struct meson_timer *timer);

/* --- PL031, "arm,pl031" --- */

/* Seconds since 1970, on machines whose firmware or emulator has set it. */
uint32_t pl031_seconds(volatile void *registers);
void pl031_set(volatile void *registers, uint32_t seconds);

/* Interrupt when the clock reaches this second; acknowledging ends it. */
void pl031_alarm(volatile void *registers, uint32_t seconds);
void pl031_acknowledge(volatile void *registers);
