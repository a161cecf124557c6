/* SPDX-License-Identifier: BSD-2-Clause */
/* Assertions that NDEBUG removes. */
#pragma once

#include <sel4/assert.h>

#ifdef NDEBUG
#define seL4_DebugAssert(condition) ((void)0)
#else
#define seL4_DebugAssert(condition) seL4_Assert(condition)
#endif
