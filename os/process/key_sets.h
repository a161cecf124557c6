/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of keys (keys.c, key_rings.c): their records, and sets of them with a bit for each record. */
#pragma once

#include "os/process/keys.h"

extern struct key keys[KEYS];

static inline unsigned place_of(const struct key *k)
{
        return (unsigned)(k - keys);
}

static inline bool set_has(const uint64_t set[KEY_WORDS], unsigned place)
{
        return set[place / 64] >> place % 64 & 1;
}

static inline void set_put(uint64_t set[KEY_WORDS], unsigned place, bool in)
{
        uint64_t bit = 1ull << place % 64, *word = &set[place / 64];

        *word = in ? *word | bit : *word & ~bit;
}

static inline struct key *set_next(const uint64_t set[KEY_WORDS], unsigned *at)
{
        for (; *at < KEYS; ++*at) {
                uint64_t rest = set[*at / 64] >> *at % 64;

                if (!rest) {
                        *at |= 63;
                        continue;
                }
                *at += (unsigned)__builtin_ctzll(rest);
                return &keys[(*at)++];
        }
        return NULL;
}

/* What those have links to, and is not in `but`, and is from now on; false: nothing. */
bool keys_follow(const uint64_t from[KEY_WORDS], uint64_t to[KEY_WORDS], uint64_t but[KEY_WORDS]);

/* What no link leads to from a key that somebody has goes. */
void keys_tidy(void);
