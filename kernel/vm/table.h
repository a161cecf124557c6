/* SPDX-License-Identifier: BSD-2-Clause */
/* Trees of page tables: finding entries, linking tables in and taking them out.
 *
 * Level 9.  Tables are addressed through the kernel's window.  Two facts keep every tree free of freed memory:
 *      a table is in at most one tree, at the place its caps name (they all agree: an unmapped cap cannot be copied);
 *      a table is empty when it is linked in, and leaves its tree before its last cap is gone.
 *
 *      VSpace (level 0)      table (1)           table (2)           table (3)
 *      [0]                   [0]                 [0] page 2 MiB      [0] page 4 KiB
 *      [1] ----------------> [1] page 1 GiB      [1]                 [1]
 *      [.]                   [2] --------------> [2] --------------> [.]
 *      [511]                 [.]                 [.]                 [511]
 *      va 47..39             va 38..30           va 29..21           va 20..12     index of each level
 *
 * An arrow is an entry with the physical address of a table; a walk follows arrows and ends at the first entry that is none: a page,
 * or an empty entry, which is the place for a table or page of that level.
 * A cap may name a place where the table no longer is (the table above it went away first); then it is stale and
 * reaches nothing, because every use compares what is found there with the object.
 */
#pragma once

#include "vm/pte.h"

/* Where a walk ended: the first entry that is not a table. */
struct walk {
        word *entry;
        word level;
};

/* The same at EL2. */
struct walk table_walk_el2(word *root, word va);

/* Walk from a root table along `va`, which is not above user_top().  Cost: at most four loads. */
static inline struct walk table_walk(word *root, word va)
{
        if (hypervisor_face())
                return table_walk_el2(root, va);
        struct walk w = {&root[pte_index(va, 0)], 0};

#pragma GCC unroll 3
        for (word level = 0; level < PTE_LEVEL_LAST; level++) {
                if ((*w.entry & (PTE_VALID | PTE_DEEP)) != (PTE_VALID | PTE_DEEP))
                        return w;
                word *next = window(pte_paddr(*w.entry));
                w = (struct walk){&next[pte_index(va, level + 1)], level + 1};
        }
        return w;
}

/* Link an unmapped table into the empty entry of a walk. */
void table_install(struct walk at, word *table);

/* The table leaves its tree, if it still is at the place the cap names.  What is below it is no longer reachable. */
void table_remove(struct cap c);

/* The same, and then the table is empty, so that it may be linked in elsewhere.  Cost: 4 KiB of stores. */
void table_unmap(struct cap c);
