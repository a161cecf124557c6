/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a release kernel whose invariant is broken: BRK with the number of the source line, which arch_bug prints as the
 * low half of the syndrome, beside the pc and all registers.  One instruction where the words would take a hundred bytes. */
#pragma once

static inline __attribute__((always_inline)) _Noreturn void stop_broken(const char *what, const char *file, int line)
{
        (void)what;
        (void)file;
        __asm__ volatile("brk %0" : : "i"(line));
        __builtin_unreachable();
}
