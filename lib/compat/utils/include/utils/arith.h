/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers: bits, rounding, bounds. */
#pragma once

#include <utils/builtin.h>
/* A C library's, or none: nothing asserts then.  A cross compiler without a library of its own still finds the host's <assert.h>, whose
 * other half lies in a folder of the host's architecture: that one is none. */
#if __has_include(<assert.h>) && !(__has_include(<features-time64.h>) && !__has_include(<bits/wordsize.h>))
#include <assert.h>
#endif

#ifndef BIT
#define BIT(n) (1ul << (n))
#endif
#define LLBIT(n) (1ull << (n))
/* The n lowest bits, 1 <= n <= 64: of a constant a constant, which the compiler checks; else checked when it is run. */
#define MASK_UNSAFE(n) (~0ul >> (64 - (n)))
static inline unsigned long utils_mask(unsigned long n)
{
#ifdef assert
        assert(n >= 1 && n <= 64);
#endif
        return MASK_UNSAFE(n);
}
#ifndef MASK
#ifdef __cplusplus
#define MASK(n) MASK_UNSAFE(n)
#else
#define MASK(n) __builtin_choose_expr(__builtin_constant_p(n), MASK_UNSAFE(n), utils_mask(n))
#endif
#endif
#define IS_ALIGNED(n, bits)  (((n) & (BIT(bits) - 1)) == 0)
#define ALIGN_UP(n, align)   (((n) + (align)-1) & ~((__typeof__(n))(align)-1)) /* to a power of two */
#define ALIGN_DOWN(n, align) ((n) & ~((__typeof__(n))(align)-1))
#define ROUND_UP(n, step)    ((((n) + (step)-1) / (step)) * (step))
#define ROUND_DOWN(n, step)  (((n) / (step)) * (step))
#define DIV_ROUND_UP(n, d)   (((n) + (d)-1) / (d))
#define MIN(a, b)                                                                                            \
        __extension__({                                                                                      \
                __typeof__(a) min_a_ = (a);                                                                  \
                __typeof__(b) min_b_ = (b);                                                                  \
                min_a_ < min_b_ ? min_a_ : min_b_;                                                           \
        })
#define MAX(a, b)                                                                                            \
        __extension__({                                                                                      \
                __typeof__(a) max_a_ = (a);                                                                  \
                __typeof__(b) max_b_ = (b);                                                                  \
                max_a_ > max_b_ ? max_a_ : max_b_;                                                           \
        })
#define ARRAY_SIZE(array)       (sizeof(array) / sizeof((array)[0]))
#define IS_POWER_OF_2(n)        ((n) != 0 && ((n) & ((n)-1)) == 0)
#define LOG_BASE_2(n)           (63 - CLZL((unsigned long)(n))) /* rounded down; n > 0 */
#define DIV_ROUND(n, d)         (((n) + (d) / 2) / (d))         /* to nearest */
#define NEXT_POWER_OF_2(n)      ((n) <= 1 ? 1ul : 1ul << (64 - CLZL((unsigned long)(n)-1)))
#define INRANGE(low, x, high)   ((low) <= (x) && (x) <= (high))
#define ISINRANGE(low, x, high) INRANGE(low, x, high)
#define CLAMP(low, x, high)     MIN(MAX(low, x), high)
