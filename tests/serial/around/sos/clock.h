/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of the processor's counter (sos/clock.h): time passes when the test says so. */
#pragma once

#include <stdint.h>

uint64_t clock_us(void);
