/* SPDX-License-Identifier: BSD-2-Clause */
#include <clock/timestamp.h>

uint64_t timestamp_hertz;

void timestamp_set_freq(uint64_t hertz)
{
        timestamp_hertz = hertz;
}
