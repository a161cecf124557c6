/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of priorities whose highest member is known at once: a bitmap of 256 bits, and its highest bit beside it.
 *
 * All operations are constant: adding compares with the highest, removing looks for the next one in the four words.
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

/* The same for one that no other is above. */
static inline void priorities_add_highest(struct priorities *s, word priority)
{
        s->word[priority / 64] |= bit(priority % 64);
        s->highest = (uint8_t)priority;
}

/* The highest member by the bitmap. */
static inline word priorities_top(const struct priorities *s)
{
        if (s->word[3] | s->word[2])
                return s->word[3] ? 192 + top_bit(s->word[3]) : 128 + top_bit(s->word[2]);
        if (s->word[1])
                return 64 + top_bit(s->word[1]);
        return s->word[0] ? top_bit(s->word[0]) : 0;
}

static inline void priorities_remove_highest(struct priorities *s, word priority)
{
        s->word[priority / 64] &= ~bit(priority % 64);
        s->highest = (uint8_t)priorities_top(s);
}

static inline void priorities_remove(struct priorities *s, word priority)
{
        if (priority == s->highest)
                priorities_remove_highest(s, priority);
        else
                s->word[priority / 64] &= ~bit(priority % 64);
}
