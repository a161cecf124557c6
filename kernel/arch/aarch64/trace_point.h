/* SPDX-License-Identifier: BSD-2-Clause */
/* How a trace point calls the function that writes: all registers but x9 to x12, x16 and x17 stay what they are, so a function needs no
 * stack frame and spills nothing for a call that is seldom made. */
#pragma once

#include "core/word.h"

static inline __attribute__((always_inline)) void arch_trace_point(word kind, word who, word a, word b)
{
        register word x9 __asm__("x9") = kind;
        register word x10 __asm__("x10") = who;
        register word x11 __asm__("x11") = a;
        register word x12 __asm__("x12") = b;

        __asm__ inline volatile("adr x16, 1f\n\tb trace_point\n1:"
                                : "+r"(x9), "+r"(x10), "+r"(x11), "+r"(x12)
                                :
                                : "x16", "x17", "cc", "memory");
}
