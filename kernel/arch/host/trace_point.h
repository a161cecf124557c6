/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace point calls the function that writes. */
#pragma once

#include "core/word.h"

void trace_record(word kind, word who, word a, word b);

static inline __attribute__((always_inline)) void arch_trace_point(word kind, word who, word a, word b)
{
        trace_record(kind, who, a, b);
}
