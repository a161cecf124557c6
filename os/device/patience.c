/* SPDX-License-Identifier: BSD-2-Clause */
/* See patience.h. */
#include "os/device/patience.h"
#include "os/device/timer.h"
#include "sos/clock.h"

void patience_begins(struct patience *p)
{
        p->at = 0;
        p->before = false;
}

bool patience_is_over(struct patience *p, bool waits, uint32_t done)
{
        uint64_t now = clock_us();
        bool nothing, over;

        if (p->at && now < p->at) {
                timer_wake_at(p->who, p->at); /* it may have rung too early */
                return false;
        }
        nothing = waits && p->at && done == p->done;
        over = nothing && p->before;
        p->before = nothing;
        p->done = done;
        p->at = waits ? now + p->us / 2 : 0;
        if (waits)
                timer_wake_at(p->who, p->at);
        return over;
}
