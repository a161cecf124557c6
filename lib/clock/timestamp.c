/* SPDX-License-Identifier: BSD-2-Clause */
#include <clock/timestamp.h>

uint64_t timestamp_hertz;
