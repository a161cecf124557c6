/* SPDX-License-Identifier: BSD-2-Clause */
/* See rtc.h. */
#include "os/device/rtc.h"
#include "os/core/console.h"
#include "os/device/board.h"
#include "sos/clock.h"
#include "sos/rtc.h"

static struct {
        struct sos_rtc *shared; /* NULL: no driver ever, or none any more */
        bool known, late;
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
        while (rtc.shared && !rtc.known && !rtc.late)
                serve();
}

void rtc_give_up(void)
{
        rtc.late = rtc.shared && !rtc.known;
        if (rtc.late)
                console_print("rtc: its driver does not answer; the date is unknown\n");
}
