/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the page that programs have from us (os/process/vdso_page.h), under the names that C libraries look for.  The same clocks
 * give the same times by a call to the server. */
#include <clock/timestamp.h>

#include "os/process/vdso_page.h"

enum { CLOCK_GETTIME = 113, MICROSECONDS = 1000000, NANOSECONDS = 1000000000 };
enum { REALTIME, MONOTONIC, RAW = 4, REALTIME_COARSE, MONOTONIC_COARSE, BOOTTIME, TAI = 11 };

#define VISIBLE __attribute__((visibility("default")))

static const volatile struct vdso_data *data(void)
{
        uintptr_t here;

        __asm__("adr %0, ." : "=r"(here));
        return (const volatile struct vdso_data *)((here & ~(uintptr_t)(VDSO_PAGE - 1)) + VDSO_DATA);
}

/* All other clocks are the server's. */
static int ask(int clock, int64_t *to)
{
        register long x0 __asm__("x0") = clock;
        register long x1 __asm__("x1") = (long)to;
        register long x8 __asm__("x8") = CLOCK_GETTIME;

        __asm__ volatile("svc #0" : "+r"(x0) : "r"(x1), "r"(x8) : "memory");
        return (int)x0;
}

VISIBLE int __kernel_clock_gettime(int clock, int64_t *to)
{
        static const uint32_t known = 1u << REALTIME | 1u << MONOTONIC | 1u << RAW | 1u << REALTIME_COARSE |
                                      1u << MONOTONIC_COARSE | 1u << BOOTTIME | 1u << TAI,
                              dates = 1u << REALTIME | 1u << REALTIME_COARSE | 1u << TAI;
        uint64_t ns;

        if ((uint32_t)clock > TAI || !(known >> clock & 1))
                return ask(clock, to);
        ns = timestamp_scale(timestamp_ticks(), data()->hertz, NANOSECONDS) +
             (dates >> clock & 1 ? data()->epoch * 1000 : 0);
        to[0] = (int64_t)(ns / NANOSECONDS);
        to[1] = (int64_t)(ns % NANOSECONDS);
        return 0;
}

VISIBLE int __kernel_gettimeofday(int64_t *to, int32_t *zone)
{
        uint64_t us = timestamp_scale(timestamp_ticks(), data()->hertz, MICROSECONDS) + data()->epoch;

        if (to) {
                to[0] = (int64_t)(us / MICROSECONDS);
                to[1] = (int64_t)(us % MICROSECONDS);
        }
        if (zone)
                zone[0] = zone[1] = 0;
        return 0;
}
