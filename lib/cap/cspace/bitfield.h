/* SPDX-License-Identifier: BSD-2-Clause */
/* Bits in an array of words; bit n is bit n % 64 of word n / 64. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { BF_WORD_BITS = 8 * sizeof(unsigned long) };

/* The course's names. */
#define WORD_BITS     (8 * sizeof(unsigned long))
#define WORD_INDEX(b) ((b) / WORD_BITS)
#define BIT_INDEX(b)  ((b) % WORD_BITS)

static inline void bf_set_bit(unsigned long *bits, unsigned long n)
{
        bits[n / BF_WORD_BITS] |= 1ul << (n % BF_WORD_BITS);
}

static inline void bf_clr_bit(unsigned long *bits, unsigned long n)
{
        bits[n / BF_WORD_BITS] &= ~(1ul << (n % BF_WORD_BITS));
}

static inline bool bf_get_bit(const unsigned long *bits, unsigned long n)
{
        return (bits[n / BF_WORD_BITS] >> (n % BF_WORD_BITS)) & 1ul;
}

/* Index of the lowest clear bit; words * 64 when all are set. */
static inline unsigned long bf_first_free(size_t words, const unsigned long bits[])
{
        for (size_t i = 0; i < words; i++) {
                if (~bits[i])
                        return i * BF_WORD_BITS + (unsigned long)__builtin_ctzl(~bits[i]);
        }
        return words * BF_WORD_BITS;
}

/* Index of the lowest set bit; words * 64 when none is set. */
static inline unsigned long bf_first_set(size_t words, const unsigned long bits[])
{
        for (size_t i = 0; i < words; i++) {
                if (bits[i])
                        return i * BF_WORD_BITS + (unsigned long)__builtin_ctzl(bits[i]);
        }
        return words * BF_WORD_BITS;
}
