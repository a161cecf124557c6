/* SPDX-License-Identifier: BSD-2-Clause */
/* What lwIP's arch/cc.h names: the Internet checksum, and numbers that others should not be able to guess. */
#include "net/stack/stack.h"

/* A word, and two, at any alignment: an instruction to load, two to add with the carry. */
typedef unsigned __int128 wide;

static inline wide add_word(wide sum, const char *at)
{
        uint64_t word;

        __builtin_memcpy(&word, at, sizeof(word));
        return sum + word;
}

static inline wide add_two(wide sum, const char *at)
{
        uint64_t word[2];

        __builtin_memcpy(word, at, sizeof(word));
        return sum + word[0] + word[1];
}

static uint64_t rest(const char *at, size_t bytes)
{
        uint64_t word = 0;

        for (size_t i = 0; i < bytes; i++)
                word |= (uint64_t)(unsigned char)at[i] << 8 * i;
        return word;
}

/* The sum of 16-bit words with the carry added again, in the order of memory; RFC 1071 allows wider words. */
uint16_t net_checksum(const void *bytes, int length)
{
        const char *at = bytes;
        wide all = 0;
        uint64_t sum;

        for (; length >= 64; length -= 64, at += 64) {
                all = add_two(all, at);
                all = add_two(all, at + 16);
                all = add_two(all, at + 32);
                all = add_two(all, at + 48);
        }
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
