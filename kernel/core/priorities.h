/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of priorities whose highest member is known at once: a bitmap of 256 bits, and its highest bit beside it.
 *
 * All operations are constant: adding compares with the highest, removing looks for the next one through four words at most.
 * `highest` is 0 when the set is empty, as when 0 is its only member: a caller who must tell them apart looks at that priority.
 */
#pragma once

#include "core/word.h"

enum { PRIORITIES = 256 };

struct priorities {
        uint8_t highest;
        word word[PRIORITIES / 64];
};

static inline bool priorities_has(const struct priorities *s, word priority)
{
        return s->word[priority / 64] >> (priority % 64) & 1;
}

static inline void priorities_add(struct priorities *s, word priority)
{
        s->word[priority / 64] |= bit(priority % 64);
        s->highest = (uint8_t)max_word(s->highest, priority);
}

/* The highest member in word `i` or below it. */
static inline word priorities_below(const struct priorities *s, word i)
{
        while (!s->word[i]) {
                if (i-- == 0)
                        return 0;
        }
        return 64 * i + top_bit(s->word[i]);
}

static inline void priorities_remove(struct priorities *s, word priority)
{
        s->word[priority / 64] &= ~bit(priority % 64);
        if (priority == s->highest)
                s->highest = (uint8_t)priorities_below(s, priority / 64);
}
