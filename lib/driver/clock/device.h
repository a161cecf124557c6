/* SPDX-License-Identifier: BSD-2-Clause */
/* Timer devices for clock_use. */
#pragma once

#include <clock/alarm.h>
#include <clock/clock.h>
#include <clock/timers.h>

/* The timers of the course's boards by the names of its skeleton, for drivers of one's own; ours for them is in timers.h. */
#ifdef CONFIG_PLAT_ODROIDC2
#define TIMER_BASE      0xc1100000
#define TIMER_MAP_BASE  0xc1109000
#define TIMER_REG_START 0x940
#elif defined(CONFIG_PLAT_ODROIDC4)
#define TIMER_BASE      0xffd00000
#define TIMER_MAP_BASE  0xffd0f000
#define TIMER_REG_START 0x3c50
#endif
#ifdef TIMER_BASE
typedef enum { MESON_TIMER_A, MESON_TIMER_B, MESON_TIMER_C, MESON_TIMER_D } timeout_id_t;

/* The interrupt of a timer. */
static inline seL4_Word meson_timeout_irq(timeout_id_t timer)
{
        static const seL4_Word irqs[] = {
                [MESON_TIMER_A] = 42, [MESON_TIMER_B] = 43, [MESON_TIMER_C] = 38, [MESON_TIMER_D] = 61};

        return irqs[timer];
}
#endif
