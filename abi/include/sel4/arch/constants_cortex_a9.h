/* SPDX-License-Identifier: BSD-2-Clause */
/* Breakpoint registers of the Cortex-A9.  Breakpoints have the low numbers, watchpoints follow. */
#pragma once

#include <sel4/config.h>

#define seL4_NumExclusiveBreakpoints 6
#define seL4_NumExclusiveWatchpoints 4
#define seL4_NumHWBreakpoints        10

#ifdef CONFIG_HARDWARE_DEBUG_API
#define seL4_FirstBreakpoint          0
#define seL4_FirstWatchpoint          6
#define seL4_NumDualFunctionMonitors  0
#define seL4_FirstDualFunctionMonitor (-1)
#endif
