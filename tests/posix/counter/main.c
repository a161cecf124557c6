/* SPDX-License-Identifier: BSD-2-Clause */
/* counter: how many ticks the processor's counter makes in a second, as the server's sleep, its clock, and this program see it. */
#include "sos.h"
#include "sos/clock.h"
#include "sos/posix.h"

enum { NAP_US = 200000, PER_SECOND = 1000000 / NAP_US, GETTIME = 113, MONOTONIC = 1 };

static uint64_t server_us(void)
{
        int64_t time[2] = {0};

        posix_invoke(GETTIME, MONOTONIC, (long)time, 0, 0);
        return (uint64_t)(time[0] * 1000000 + time[1] / 1000);
}

int main(void)
{
        uint64_t ticks = clock_ticks(), server = server_us(), own = clock_us();

        sos_usleep(NAP_US);
        own = clock_us() - own;
        server = server_us() - server;
        ticks = clock_ticks() - ticks;
        sos_print("counter: %lu by sleeping, %lu by the server's clock, %lu by its own, which has %lu\n",
                  ticks * PER_SECOND, ticks * 1000000 / server, ticks * 1000000 / own, timestamp_get_freq());
        return 0;
}
