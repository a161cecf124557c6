/* SPDX-License-Identifier: BSD-2-Clause */
/* What lwIP's arch/cc.h names: the Internet checksum, and numbers that others should not be able to guess. */
#include "net/stack/stack.h"

/* A word, at any alignment: an instruction to load, two to add with the carry. */
typedef unsigned __int128 wide;

static inline wide add_word(wide sum, const char *at)
{
        uint64_t word;

        __builtin_memcpy(&word, at, sizeof(word));
        return sum + word;
}

/* 64 bytes, an instruction for each word: the compiler does not hand the carry on from one addition to the next.  The last one cannot make
 * another carry, since the first has none to add. */
static inline uint64_t add_line(uint64_t sum, const char *at)
{
        uint64_t w[8];

        __builtin_memcpy(w, at, sizeof(w));
#ifdef __aarch64__
        __asm__("adds %0, %0, %1\n\tadcs %0, %0, %2\n\tadcs %0, %0, %3\n\tadcs %0, %0, %4\n\t"
                "adcs %0, %0, %5\n\tadcs %0, %0, %6\n\tadcs %0, %0, %7\n\tadcs %0, %0, %8\n\t"
                "adc %0, %0, xzr"
                : "+&r"(sum)
                : "r"(w[0]), "r"(w[1]), "r"(w[2]), "r"(w[3]), "r"(w[4]), "r"(w[5]), "r"(w[6]), "r"(w[7])
                : "cc");
#else
        for (int i = 0; i < 8; i++) {
                sum += w[i];
                sum += sum < w[i];
        }
#endif
        return sum;
}

/* Fewer than eight bytes. */
static uint64_t rest(const char *at, size_t bytes)
{
        uint32_t four = 0;
        uint16_t two = 0;
        unsigned char one = 0;

        if (bytes & 4) {
                __builtin_memcpy(&four, at, sizeof(four));
                at += sizeof(four);
        }
        if (bytes & 2) {
                __builtin_memcpy(&two, at, sizeof(two));
                at += sizeof(two);
        }
        if (bytes & 1)
                one = (unsigned char)*at;
        return (uint64_t)four + two + one; /* whichever words they are: the sum is the same */
}

/* The sum of 16-bit words with the carry added again, in the order of memory; RFC 1071 allows wider words. */
uint16_t net_checksum(const void *bytes, int length)
{
        const char *at = bytes;
        uint64_t sum = 0;
        wide all;

        for (; length >= 64; length -= 64, at += 64)
                sum = add_line(sum, at);
        all = sum;
        for (; length >= 8; length -= 8, at += 8)
                all = add_word(all, at);
        if (length > 0)
                all += rest(at, (size_t)length);
        sum = (uint64_t)(all >> 64) + (uint32_t)all + (uint32_t)(all >> 32);
        sum = (sum & 0xffffffff) + (sum >> 32);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (uint16_t)sum;
}

static uint64_t pool;

static uint64_t mix(uint64_t x)
{
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
        x = (x ^ x >> 27) * 0x94d049bb133111ebull;
        return x ^ x >> 31;
}

void net_stir(uint64_t bits)
{
        pool = mix(pool ^ bits) + 0x9e3779b97f4a7c15ull;
}

uint32_t net_random(void)
{
        pool += 0x9e3779b97f4a7c15ull;
        return (uint32_t)(mix(pool) >> 32);
}
