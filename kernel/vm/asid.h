/* SPDX-License-Identifier: BSD-2-Clause */
/* Address-space identifiers: which VSpace each number refers to.
 *
 * Level 9.  kernel.asid_pool[n] is the pool of the numbers n * 512 to n * 512 + 511, or NULL.  A pool entry is the root
 * table of the VSpace that has the number, or NULL.  Number 0 stands for none and is never given out.  Caps keep the
 * number for as long as they like, so whoever uses it asks here first.
 */
#pragma once

#include "core/state.h"
#include "core/word.h"

enum { ASID_POOL_BITS = 9, ASID_POOL_SIZE = 1 << ASID_POOL_BITS };

struct asid_pool {
        word *root[ASID_POOL_SIZE];
};
_Static_assert(sizeof(struct asid_pool) == 4096, "public size");

/* The root table of the VSpace that has the number, or NULL. */
static inline word *asid_root(word asid)
{
        const struct asid_pool *pool = kernel.asid_pool[asid >> ASID_POOL_BITS];

        return pool ? pool->root[asid & (ASID_POOL_SIZE - 1)] : NULL;
}

/* The lowest free number of the pool that starts at `first`, or 0.  Cost: one look per number. */
word asid_find_free(const struct asid_pool *pool, word first);

/* The VSpace gets a free number of an existing pool. */
void asid_bind(word asid, word *root);

/* The VSpace dies: its number, if it still has it, becomes free and all its translations are forgotten. */
void asid_release(word asid, const word *root);

/* First number of the lowest free place for a pool, or ASID_NO_POOL. */
enum { ASID_NO_POOL = ASID_POOLS << ASID_POOL_BITS };
word asid_pool_find_place(void);

/* Empty memory becomes the pool of the numbers from `first`, whose place is free. */
void asid_pool_add(struct asid_pool *pool, word first);

/* The pool dies: its VSpaces lose their numbers.  Cost: constant; every translation is forgotten, of other pools too, as
 * telling the processor of 512 numbers one by one would take longer than a caller may keep interrupts waiting. */
void asid_pool_remove(const struct asid_pool *pool, word first);
