/* SPDX-License-Identifier: BSD-2-Clause */
/* Little-endian words in files. */
#pragma once

#include <stdint.h>

static inline uint64_t get_le(const unsigned char *at, unsigned count)
{
        uint64_t value = 0;

        while (count-- > 0)
                value = value << 8 | at[count];
        return value;
}

static inline void put_le(unsigned char *at, uint64_t value, unsigned count)
{
        while (count-- > 0) {
                *at++ = (unsigned char)value;
                value >>= 8;
        }
}
