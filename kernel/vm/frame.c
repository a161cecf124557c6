/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames in address spaces (see frame.h). */
#include "vm/frame.h"
#include "arch/arch.h"
#include "trace/trace.h"
#include "vm/asid.h"

/* The bits of index `i`: 0 and 1 are the rights to write and read (writing without reading counts as neither); then the attributes. */
#define NORMAL(i)        ((i) >> 2 & ATTRIBUTE_CACHEABLE ? PTE_NORMAL | PTE_SHAREABLE : 0)
#define WHOSE(i)         ((i)&RIGHT_READ ? PTE_USER : 0)
#define READ_ONLY(i)     (((i)&3) == (RIGHT_READ | RIGHT_WRITE) ? 0 : PTE_READ_ONLY)
#define EXECUTE_NEVER(i) (WHOSE(i) && !((i) >> 2 & ATTRIBUTE_EXECUTE_NEVER) ? 0 : PTE_USER_EXECUTE_NEVER)
#define LOOK(i)                                                                                              \
        (PTE_VALID | PTE_ACCESSED | PTE_NOT_GLOBAL | PTE_KERNEL_EXECUTE_NEVER | NORMAL(i) | WHOSE(i) |       \
         READ_ONLY(i) | EXECUTE_NEVER(i))
#define FOUR_LOOKS(i) LOOK(i), LOOK((i) + 1), LOOK((i) + 2), LOOK((i) + 3)

const word pte_look[PTE_LOOKS] = {FOUR_LOOKS(0),  FOUR_LOOKS(4),  FOUR_LOOKS(8),  FOUR_LOOKS(12),
                                  FOUR_LOOKS(16), FOUR_LOOKS(20), FOUR_LOOKS(24), FOUR_LOOKS(28)};

__attribute__((noinline)) word pte_rights_stage2(word entry)
{
        return (entry & STAGE2_READ ? RIGHT_READ : 0) | (entry & STAGE2_WRITE ? RIGHT_WRITE : 0);
}

__attribute__((noinline)) word pte_allowing_stage2(struct cap frame, word rights, word attributes)
{
        word entry = cap_address(frame) | PTE_VALID | PTE_ACCESSED;

        if (frame_level(frame) == 0)
                entry |= PTE_DEEP;
        if (attributes & ATTRIBUTE_CACHEABLE)
                entry |= STAGE2_NORMAL | PTE_SHAREABLE;
        if (rights & RIGHT_READ)
                entry |= STAGE2_READ | (rights & RIGHT_WRITE ? STAGE2_WRITE : 0);
        if (!(rights & RIGHT_READ) || (attributes & ATTRIBUTE_EXECUTE_NEVER))
                entry |= STAGE2_EXECUTE_NEVER;
        return entry;
}

word *frame_entry(struct cap frame)
{
        word *root = asid_root(mapped_asid(frame));

        if (!root)
                return NULL;
        struct walk w = table_walk(root, mapped_va(frame));
        bool here = w.level == frame_table_level(frame) && pte_is_page(*w.entry, w.level) &&
                    pte_paddr(*w.entry) == cap_address(frame);
        return here ? w.entry : NULL;
}

static void remove_page(word *entry, word asid, word va)
{
        *entry = 0;
        arch_tlb_drop_page(asid, va);
}

/* A change of permissions alone may be one store; the old ones are forgotten after it.  For any other change the
 * architecture demands break before make: no two pages at one address at any time. */
void frame_install(word *entry, word page, word asid, word va)
{
        word old = *entry;

        if (old != 0 && ((old ^ page) & ~PTE_PERMISSIONS) != 0) {
                remove_page(entry, asid, va);
                old = 0;
        }
        *entry = page;
        if (old == 0)
                arch_table_written();
        else
                arch_tlb_drop_page(asid, va);
}

void frame_unmap(struct cap frame)
{
        word *entry = frame_entry(frame);

        if (entry)
                remove_page(entry, mapped_asid(frame), mapped_va(frame));
}

__attribute__((cold)) void frame_unmap_traced(struct cap frame, bool gone)
{
        if (frame_entry(frame))
                trace(TESSERA_TRACE_UNMAP, this_core()->current, frame_bits(frame), mapped_va(frame),
                      mapped_asid(frame));
        if (gone)
                trace_forget(cap_address(frame));
        frame_unmap(frame);
}
