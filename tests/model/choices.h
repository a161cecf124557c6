/* SPDX-License-Identifier: BSD-2-Clause */
/* The source of a history's choices: the bytes of a fuzzer's input, or numbers derived from a seed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct choices {
        const uint8_t *next, *end; /* bytes; NULL: from the seed */
        uint64_t seed;
        uint64_t left; /* choices still to be made, for seeds */
};

static inline struct choices choices_seed(uint64_t seed, uint64_t count)
{
        return (struct choices){NULL, NULL, (seed + 1) * 0x9e3779b97f4a7c15, count};
}

static inline int choices_over(const struct choices *c)
{
        return c->next ? c->next == c->end : c->left == 0;
}

/* A number below n, at most 256. */
static inline uint64_t choose(struct choices *c, uint64_t n)
{
        if (c->next)
                return c->next < c->end ? *c->next++ % n : 0;
        c->left -= c->left != 0;
        c->seed ^= c->seed << 13;
        c->seed ^= c->seed >> 7;
        c->seed ^= c->seed << 17;
        return (c->seed >> 20) % n;
}
