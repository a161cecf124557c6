/* SPDX-License-Identifier: BSD-2-Clause */
/* Timer devices for clock_use. */
#pragma once

#include <clock/alarm.h>
#include <clock/clock.h>
#include <clock/timers.h>
