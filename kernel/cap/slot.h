/* SPDX-License-Identifier: BSD-2-Clause */
/* A slot: a cap and its place in the derivation tree.  32 bytes, public (seL4_SlotBits).
 *
 * The tree is kept as one doubly linked list per family, in preorder: every cap stands directly behind the cap it
 * was made from, so the descendants of an original cap are the run of successors that it covers (cap/derive.c).
 * All caps to one object are neighbours, so "is this the last one" is a look left and right.
 *
 * The two low bits of `link` describe this cap; the rest is the successor's address.
 *      ORIGINAL  may have descendants
 *      APART     a badged endpoint or notification cap (or an SGI cap) that no cap of equal badge covers: it was
 *                minted with a new badge, or it inherited the mark from such a predecessor that was deleted
 */
#pragma once

#include "cap/cap_memory.h"

enum { SLOT_ORIGINAL = 1, SLOT_APART = 2, SLOT_MARKS = 3 };

static inline struct slot *slot_next(const struct slot *s)
{
        return (struct slot *)(s->link & ~(word)SLOT_MARKS);
}

static inline bool slot_is_empty(const struct slot *s)
{
        return cap_is_null(s->cap);
}

/* All of `n` neighbouring slots, which is not 0, are empty. */
static inline bool slots_are_empty(const struct slot *s, word n)
{
        word seen = 0;

        for (const struct slot *end = s + n; s < end; s++)
                seen |= s->cap.a;
        return seen == 0;
}

/* Put a cap that has no ancestor into an empty slot (boot only). */
void slot_fill(struct slot *to, struct cap cap);

/* Put a cap made from `parent` into an empty slot, directly behind it.  `marks` are SLOT_ORIGINAL, SLOT_APART. */
void slot_insert(struct slot *to, struct cap cap, struct slot *parent, word marks);

/* Put `n` caps made from `parent`, all original, into neighbouring empty slots, each directly behind the parent, so that
 * the last one stands first.  Their addresses lie `step` apart.  Cost: about 8 a slot. */
void slot_insert_row(struct slot *to, word n, struct cap cap, word step, struct slot *parent);

/* Move a cap, with the value `cap`, to an empty slot; ancestry moves along and `from` becomes empty. */
void slot_move(struct slot *to, struct cap cap, struct slot *from);

/* Exchange two full slots with their ancestry: afterwards y holds the cap of x with the value x_new, and x the cap of
 * y with the value y_new. */
void slot_swap(struct slot *x, struct cap x_new, struct slot *y, struct cap y_new);

/* Take a cap out of the tree and empty its slot.  Descendants go to the next ancestor up. */
void slot_clear(struct slot *s);
