/* SPDX-License-Identifier: BSD-2-Clause */
/* Address-space identifiers (see asid.h). */
#include "vm/asid.h"
#include "arch/arch.h"
#include "core/panic.h"
#include "trace/trace.h"
#include "vm/pte.h"
#include "vm/space.h"

word asid_find_free(const struct asid_pool *pool, word first)
{
        for (word i = 0; i < ASID_POOL_SIZE; i++) {
                if (!pool->root[i] && first + i != 0)
                        return first + i;
        }
        return 0;
}

static word **place_of(word asid)
{
        return &kernel.asid_pool[asid >> ASID_POOL_BITS]->root[asid & (ASID_POOL_SIZE - 1)];
}

void asid_bind(word asid, word *root)
{
        MUST(asid != 0 && !*place_of(asid));
        *place_of(asid) = root;
}

/* The hardware stops walking the tables before it forgets what it found there. */
static __attribute__((noinline, cold)) void forget_everywhere(word asid)
{
        space_leave_elsewhere(asid, ones(16));
        arch_tlb_drop_space(asid);
}

static void forget(word asid)
{
        space_leave(asid);
        if (several_cores())
                forget_everywhere(asid);
        else
                arch_tlb_drop_space(asid);
}

void asid_release(word asid, const word *root)
{
        if (asid_root(asid) != root)
                return;
        trace(TESSERA_TRACE_UNMAP, this_core()->current, pte_space_bits() | TESSERA_TRACE_TABLE, 0, asid);
        *place_of(asid) = NULL;
        space_era_ends();
        forget(asid);
}

word asid_pool_find_place(void)
{
        for (word i = 0; i < ASID_POOLS; i++) {
                if (!kernel.asid_pool[i])
                        return i << ASID_POOL_BITS;
        }
        return ASID_NO_POOL;
}

void asid_pool_add(struct asid_pool *pool, word first)
{
        MUST(!kernel.asid_pool[first >> ASID_POOL_BITS]);
        kernel.asid_pool[first >> ASID_POOL_BITS] = pool;
}

void asid_pool_remove(const struct asid_pool *pool, word first)
{
        if (kernel.asid_pool[first >> ASID_POOL_BITS] != pool)
                return;
        kernel.asid_pool[first >> ASID_POOL_BITS] = NULL;
        space_era_ends();
        space_leave_pool(first);
        if (several_cores())
                space_leave_elsewhere(first, ones(16) & ~ones(ASID_POOL_BITS));
        arch_tlb_drop_all();
}
