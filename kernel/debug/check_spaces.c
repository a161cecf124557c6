/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces and interrupt lines against the caps: every table in use is a live object linked in once, every page
 * has a frame cap that speaks of it, every ASID and every line in use has its cap.
 */
#include "debug/checker.h"
#include "irq/irq.h"
#include "vm/asid.h"
#include "vm/frame.h"
#include "vm/space.h"
#include "vm/table.h"

enum { LEVELS = 4, ENTRIES = 1 << PTE_INDEX_BITS };

/* A walk over one tree: the table and the next index at each level. */
static struct {
        word asid;
        word *table[LEVELS];
        word index[LEVELS];
        word level;
} tree;

static word tables_met;

static word tree_va(void)
{
        word va = 0;

        for (word l = pte_root_level(); l <= tree.level; l++)
                va |= tree.index[l] << pte_span(l);
        return va;
}

static bool speaks_of(struct cap c, word entry, word va)
{
        return cap_kind(c) == CAP_FRAME && mapped_asid(c) == tree.asid && mapped_va(c) == va &&
               cap_address(c) == pte_paddr(entry) && frame_table_level(c) == tree.level &&
               (pte_rights(entry) & ~frame_rights(c)) == 0;
}

static bool some_frame_speaks_of(word entry, word va)
{
        for (word i = 0; i < checker.caps; i++) {
                if (speaks_of(checker.cap[i]->cap, entry, va))
                        return true;
        }
        return false;
}

static void check_page(word entry)
{
        HOLDS(tree.level >= 1);
        HOLDS((entry & PTE_ACCESSED) && (hypervisor_face() || (entry & PTE_NOT_GLOBAL)));
        HOLDS(is_aligned(pte_paddr(entry), pte_span(tree.level)));
        HOLDS(some_frame_speaks_of(entry, tree_va()));
}

static void enter_table(word entry)
{
        word *table = window(pte_paddr(entry));

        HOLDS(object_exists(CAP_PAGE_TABLE, table));
        tables_met++;
        tree.level++;
        tree.table[tree.level] = table;
        tree.index[tree.level] = 0;
}

/* One entry; then the index moves on, or the walk goes down or up. */
static void check_entry(void)
{
        word entry = tree.table[tree.level][tree.index[tree.level]];

        if (pte_is_table(entry, tree.level)) {
                enter_table(entry);
                return;
        }
        HOLDS(entry == 0 || pte_is_page(entry, tree.level));
        if (entry)
                check_page(entry);
        tree.index[tree.level]++;
        while (tree.level > pte_root_level() && tree.index[tree.level] == ENTRIES) {
                tree.level--;
                tree.index[tree.level]++;
        }
}

static bool some_cap_has(enum cap_kind kind, const void *object, word b)
{
        for (word i = 0; i < checker.caps; i++) {
                struct cap c = checker.cap[i]->cap;

                if (cap_kind(c) == kind && cap_object(c) == object && cap_detail(c) == b)
                        return true;
        }
        return false;
}

static void check_tree(word asid, word *root)
{
        HOLDS(object_exists(CAP_VSPACE, root) && some_cap_has(CAP_VSPACE, root, asid));
        word top = pte_root_level();

        tree.asid = asid;
        tree.level = top;
        tree.table[top] = root;
        tree.index[top] = 0;
        while (tree.index[top] < bit(pte_root_bits() - 3))
                check_entry();
}

static void check_pool(word n)
{
        const struct asid_pool *pool = kernel.asid_pool[n];

        if (!pool)
                return;
        HOLDS(object_exists(CAP_ASID_POOL, pool) && some_cap_has(CAP_ASID_POOL, pool, n << ASID_POOL_BITS));
        HOLDS(n > 0 || !pool->root[0]);
        for (word i = 0; i < ASID_POOL_SIZE; i++) {
                if (pool->root[i])
                        check_tree(n << ASID_POOL_BITS | i, pool->root[i]);
        }
}

/* A table linked in twice would be met twice, and the walk would meet more tables than are linked in. */
static word tables_that_hang(void)
{
        word count = 0;

        for (word i = 0; i < checker.objects; i++) {
                struct cap c = checker.object[i].slot->cap;
                word *root =
                        cap_kind(c) == CAP_PAGE_TABLE && mapped_asid(c) ? asid_root(mapped_asid(c)) : NULL;

                if (!root)
                        continue;
                /* Linked in, unless a table above it is gone or its place has been taken by another one. */
                for (word level = pte_root_level(); level < PTE_LEVEL_LAST; level++) {
                        word entry = level == pte_root_level() ? *pte_of_root(root, mapped_va(c))
                                                               : root[pte_index(mapped_va(c), level)];

                        if (!pte_is_table(entry, level))
                                break;
                        root = window(pte_paddr(entry));
                        if (root == cap_object(c)) {
                                count++;
                                break;
                        }
                }
        }
        return count;
}

static void check_unmapped_table(struct cap c)
{
        const word *table = cap_object(c);
        word seen = 0;

        for (word i = 0; i < ENTRIES; i++)
                seen |= table[i];
        HOLDS(seen == 0);
}

static bool handler_exists(word irq)
{
        for (word i = 0; i < checker.caps; i++) {
                struct cap c = checker.cap[i]->cap;

                if (cap_kind(c) == CAP_IRQ_HANDLER && irq_line(c) == irq)
                        return true;
        }
        return false;
}

static void check_line(word irq)
{
        struct cap c = kernel.irq[irq].cap;
        bool issued = kernel.irq_state[irq] == IRQ_ISSUED;

        HOLDS(issued || cap_is_null(c));
        HOLDS(cap_is_null(c) || cap_kind(c) == CAP_NOTIFICATION ||
              (cap_kind(c) == CAP_ZOMBIE && zombie_is_queue(c)));
        HOLDS(!issued || handler_exists(irq));
}

static void check_caps_have_lines(void)
{
        for (word i = 0; i < checker.caps; i++) {
                struct cap c = checker.cap[i]->cap;

                HOLDS(cap_kind(c) != CAP_IRQ_HANDLER || kernel.irq_state[irq_line(c)] == IRQ_ISSUED);
                HOLDS(cap_kind(c) != CAP_ASID_POOL ||
                      kernel.asid_pool[pool_first_asid(c) >> ASID_POOL_BITS] ==
                              (struct asid_pool *)cap_object(c));
        }
}

void check_spaces(void)
{
        word space = this_core()->space;

        tables_met = 0;
        for (word n = 0; n < ASID_POOLS; n++)
                check_pool(n);
        HOLDS(tables_met == tables_that_hang());
        for (word i = 0; i < checker.objects; i++) {
                struct cap c = checker.object[i].slot->cap;

                if (cap_kind(c) == CAP_PAGE_TABLE && mapped_asid(c) == 0)
                        check_unmapped_table(c);
        }
        HOLDS(space == 0 || paddr_of(asid_root(space >> 48)) == (space & ones(48)));
        for (word irq = 0; irq < IRQ_LINES; irq++)
                check_line(irq);
        check_caps_have_lines();
}
