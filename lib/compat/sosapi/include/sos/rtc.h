/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS and the program that reads its clock of the day share. */
#pragma once

#include "sos/driver.h"

struct sos_rtc {
        struct driver_start start;
        uint64_t seconds; /* since 1970 */
        uint32_t ready;   /* stored last, with release: the system is signalled then, at once */
};
