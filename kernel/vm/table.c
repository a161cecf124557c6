/* SPDX-License-Identifier: BSD-2-Clause */
/* Trees of page tables (see table.h). */
#include "vm/table.h"
#include "arch/arch.h"
#include "core/panic.h"
#include "trace/trace.h"
#include "vm/asid.h"

__attribute__((noinline)) struct walk table_walk_el2(word *root, word va)
{
        struct walk w = {pte_of_root(root, va), pte_root_level()};

        while (pte_is_table(*w.entry, w.level)) {
                word *next = window(pte_paddr(*w.entry));
                w = (struct walk){&next[pte_index(va, w.level + 1)], w.level + 1};
        }
        return w;
}

void table_install(struct walk at, word *table)
{
        MUST(*at.entry == 0 && at.level < PTE_LEVEL_LAST);
        *at.entry = pte_table(paddr_of(table));
        arch_table_written();
}

/* The entry that makes `table` part of the tree below `entry`, which is of `level`, along `va`; or NULL. */
static inline word *entry_below(word *entry, word level, word va, const word *table)
{
        word wanted = pte_table(paddr_of(table));

        for (; level < PTE_LEVEL_LAST; level++) {
                if (*entry == wanted)
                        return entry;
                if (!pte_is_table(*entry, level))
                        return NULL;
                word *next = window(pte_paddr(*entry));
                entry = &next[pte_index(va, level + 1)];
        }
        return NULL;
}

static __attribute__((noinline)) word *entry_of_el2(word *root, word va, const word *table)
{
        return entry_below(pte_of_root(root, va), pte_root_level(), va, table);
}

static word *entry_of(word *root, word va, const word *table)
{
        if (hypervisor_face())
                return entry_of_el2(root, va, table);
        return entry_below(&root[pte_index(va, 0)], 0, va, table);
}

/* A trace runs: the table goes, with as many bits as it translates. */
static __attribute__((cold)) void tell(struct cap c)
{
        word *root = asid_root(mapped_asid(c));
        const word *entry = root ? entry_of(root, mapped_va(c), cap_object(c)) : NULL;
        struct walk w = {root ? pte_of_root(root, mapped_va(c)) : NULL, pte_root_level()};

        if (!entry)
                return;
        while (w.entry != entry) {
                word *next = window(pte_paddr(*w.entry));
                w = (struct walk){&next[pte_index(mapped_va(c), w.level + 1)], w.level + 1};
        }
        trace(TESSERA_TRACE_UNMAP, this_core()->current, pte_span(w.level) | TESSERA_TRACE_TABLE,
              mapped_va(c), mapped_asid(c));
}

static inline __attribute__((always_inline)) void table_take(struct cap c)
{
        word *root = asid_root(mapped_asid(c));
        word *entry = root ? entry_of(root, mapped_va(c), cap_object(c)) : NULL;

        if (!entry)
                return;
        *entry = 0;
        arch_tlb_drop_space(mapped_asid(c));
}

static __attribute__((cold, noinline)) void table_remove_traced(struct cap c)
{
        tell(c);
        table_take(c);
}

void table_remove(struct cap c)
{
        if (rarely(trace_runs()))
                table_remove_traced(c);
        else
                table_take(c);
}

void table_unmap(struct cap c)
{
        table_remove(c);
        arch_clear(cap_object(c), bit(PAGE_BITS));
        arch_table_written();
}
