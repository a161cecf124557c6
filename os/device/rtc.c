/* SPDX-License-Identifier: BSD-2-Clause */
/* See rtc.h. */
#include "os/device/rtc.h"
#include "os/core/console.h"
#include "os/device/board.h"
#include "os/device/timer.h"
#include "sos/clock.h"
#include "sos/rtc.h"

enum { READY_US = 5 * 1000 * 1000 };

static struct {
        struct sos_rtc *shared; /* NULL: no driver ever, or none any more */
        bool known;
} rtc;

void rtc_begins(void *shared, void (*poke)(void))
{
        (void)poke;
        rtc.shared = shared;
        rtc.shared->ready = 0;
}

static bool is_ready(void)
{
        return rtc.shared && __atomic_load_n(&rtc.shared->ready, __ATOMIC_ACQUIRE);
}

/* The register has 32 bits: a larger value is wrong. */
bool rtc_hear(void)
{
        uint64_t seconds = is_ready() ? rtc.shared->seconds : 0;

        if (!is_ready() || rtc.known)
                return true;
        if (seconds > UINT32_MAX)
                return false;
        rtc.known = true;
        board_learn_date(seconds * 1000000);
        return true;
}

void rtc_lost(void)
{
}

void rtc_gone(void)
{
        rtc.shared = NULL;
}

bool rtc_useful(void)
{
        return is_ready();
}

void rtc_open(void (*serve)(void))
{
        uint64_t limit = clock_us() + READY_US;

        while (rtc.shared && !rtc.known && clock_us() < limit) {
                timer_wake_at(TIMER_SERVER, limit);
                serve();
        }
        if (rtc.shared && !rtc.known)
                console_print("rtc: its driver does not answer; the date is unknown\n");
}
