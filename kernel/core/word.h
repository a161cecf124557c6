/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine word, and the few bit operations that everything else uses.
 *
 * Level 0: includes nothing of ours.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t word;

/* The only two builds are debug and release; they differ in checks and console output, never in the ABI. */
enum { DEBUG_BUILD = TESSERA_DEBUG };

static inline word bit(word n)
{
        return (word)1 << n;
}

/* The low n bits set; n may be 64. */
static inline word ones(word n)
{
        return n >= 64 ? ~(word)0 : bit(n) - 1;
}

static inline word align_down(word value, word bits)
{
        return value & ~ones(bits);
}

static inline word align_up(word value, word bits)
{
        return align_down(value + ones(bits), bits);
}

static inline bool is_aligned(word value, word bits)
{
        return (value & ones(bits)) == 0;
}

static inline word min_word(word a, word b)
{
        return a < b ? a : b;
}

static inline word max_word(word a, word b)
{
        return a > b ? a : b;
}

/* A condition that seldom holds: its code is moved out of line. */
static inline bool rarely(bool condition)
{
        return __builtin_expect(condition, false);
}

/* What stands in a word that another core may be changing, without any order: what its reader concludes holds for the value before and
 * the one after.  ThreadSanitizer does not look at it. */
#define as_seen(variable) ((__typeof__(variable))word_as_seen((const seen_word *)&(variable)))
typedef word __attribute__((may_alias)) seen_word;
static inline __attribute__((no_sanitize("thread"))) word word_as_seen(const seen_word *at)
{
        return *at;
}

/* Both variables have been read when this point is reached, so that two loads of neighbours become one instruction even if a test stands
 * between their uses. */
#define together(x, y) __asm__("" : "+r"(x), "+r"(y))

/* For the innermost loops: both are read here, without copies; and x is computed here, neither earlier nor again. */
#define together_here(x, y) __asm__ volatile("" : : "r"(x), "r"(y))
#define not_before(x)       __asm__ volatile("" : "+r"(x))

/* For the entry points of short calls: which cache lines they touch does not depend on the code before them. */
#define starts_a_line __attribute__((aligned(64)))

/* For their steps, which are reached with the arguments in the registers where they lie: none is dropped because it is not used,
 * which would move the others. */
#if defined(__clang__)
#define keeps_arguments __attribute__((noinline))
#else
#define keeps_arguments __attribute__((noinline, noclone))
#endif

/* Index of the highest set bit; value must not be 0. */
static inline unsigned top_bit(word value)
{
        return 63u - (unsigned)__builtin_clzll(value);
}

static inline unsigned low_bit(word value)
{
        return (unsigned)__builtin_ctzll(value);
}
