/* SPDX-License-Identifier: BSD-2-Clause */
/* Trees of page tables (see table.h). */
#include "vm/table.h"
#include "arch/arch.h"
#include "core/panic.h"
#include "vm/asid.h"

void table_install(struct walk at, word *table)
{
        MUST(*at.entry == 0 && at.level < PTE_LEVEL_LAST);
        *at.entry = pte_table(paddr_of(table));
        arch_table_written();
}

/* The entry that makes `table` part of the tree along `va`, or NULL. */
static word *entry_of(word *root, word va, const word *table)
{
        word wanted = pte_table(paddr_of(table));
        word *entries = root;

        for (word level = 0; level < PTE_LEVEL_LAST; level++) {
                word *entry = &entries[pte_index(va, level)];

                if (*entry == wanted)
                        return entry;
                if (!pte_is_table(*entry, level))
                        return NULL;
                entries = window(pte_paddr(*entry));
        }
        return NULL;
}

void table_remove(struct cap c)
{
        word *root = asid_root(mapped_asid(c));
        word *entry = root ? entry_of(root, mapped_va(c), cap_object(c)) : NULL;

        if (!entry)
                return;
        *entry = 0;
        arch_tlb_drop_space(mapped_asid(c));
}

void table_unmap(struct cap c)
{
        table_remove(c);
        arch_clear(cap_object(c), bit(PAGE_BITS));
        arch_table_written();
}
