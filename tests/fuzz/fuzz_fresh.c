/* SPDX-License-Identifier: BSD-2-Clause */
/* How the fuzzers of the kernel make new histories: from kept ones, as libFuzzer does, and from nothing.  Kept histories are short (the
 * median is 12 bytes), because each reaches its line as soon as possible; states that need several threads in several places are
 * not reached from them, but from many long histories. */
#include <stddef.h>
#include <stdint.h>

enum { FRESH_OF = 2, STYLES = 4, LATE = 208 }; /* steps from LATE on: fuzz_time.h */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static uint32_t next(uint64_t *state)
{
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        return (uint32_t)(*state >> 20);
}

/* Any bytes; in some styles a quarter or half of the bytes that choose steps choose steps with time. */
static size_t fresh(uint8_t *data, size_t max, uint64_t state)
{
        static const uint8_t late_of_256[STYLES] = {0, 64, 96, 128};
        uint32_t late = late_of_256[next(&state) % STYLES];
        size_t size = max / 4 + next(&state) % (max - max / 4) + 1;

        for (size_t i = 0; i < size; i++) {
                uint32_t x = next(&state);

                data[i] =
                        (uint8_t)(i > 0 && (x >> 8 & 255) < late ? LATE + (x & 255) % (256 - LATE) : x & 255);
        }
        return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
        uint64_t state = (seed + 1ul) * 0x9e3779b97f4a7c15;

        if (max == 0 || next(&state) % FRESH_OF != 0)
                return LLVMFuzzerMutate(data, size, max);
        return fresh(data, max, state);
}
