/* SPDX-License-Identifier: BSD-2-Clause */
/* Microseconds and ticks at the counter frequencies of real boards.
 *
 * The expected values are computed in 128 bits from the definition in scheduling.md 2.
 */
#include "core/state.h"
#include "tests/lib/test.h"
#include "time/clock.h"

typedef unsigned __int128 wide;

static const word HZ[] = {6250000, 19200000, 24000000, 54000000, 62500000, 1000000000, 31250000, 33333333};

static bool is_whole(word hz)
{
        return hz % 1000000 == 0;
}

static word ticks_wanted(word hz, word us)
{
        return is_whole(hz) ? (word)((wide)us * (hz / 1000000)) : (word)((wide)us * (hz / 1000) / 1000);
}

static void conversions(void)
{
        for (word i = 0; i < sizeof(HZ) / sizeof(HZ[0]); i++) {
                clock_set_rate(HZ[i]);
                word max = period_max_us(), rate = is_whole(HZ[i]) ? HZ[i] / 1000000 : HZ[i] / 1000;

                CHECK_EQUAL(max, 0xfffffffffffffffful / rate / 8);
                for (word us = 1; us < max; us = us * 3 + 1) {
                        word ticks = ticks_from_us(us), back = us_from_ticks(ticks);

                        CHECK_EQUAL(ticks, ticks_wanted(HZ[i], us));
                        CHECK(back <= us && us - back <= 1);
                }
                CHECK_EQUAL(ticks_from_us(max), ticks_wanted(HZ[i], max));
                CHECK_EQUAL(ticks_from_us(0), 0);
                CHECK(ticks_from_us(max) > ticks_from_us(max - 1));
        }
}

static void known_values(void)
{
        clock_set_rate(62500000);
        CHECK_EQUAL(period_max_us(), 36893488147419);
        CHECK_EQUAL(2 * ticks_from_us(KERNEL_WCET_US), 1250);
        CHECK_EQUAL(budget_min_us(), 20);
        clock_set_rate(24000000);
        CHECK_EQUAL(ticks_from_us(1), 24);
        CHECK_EQUAL(us_from_ticks(47), 1);
        clock_set_rate(19200000);
        CHECK_EQUAL(ticks_from_us(10), 192);
        CHECK_EQUAL(ticks_from_us(1), 19);
}

const struct test sched_clock_tests[] = {
        {"sched: conversions at every board's frequency", conversions},
        {"sched: known values of the clock", known_values},
        {NULL, NULL},
};
