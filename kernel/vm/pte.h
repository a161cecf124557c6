/* SPDX-License-Identifier: BSD-2-Clause */
/* AArch64 page-table words as data: 4 KiB granule, four levels, 512 entries each.  At EL2 (face.h) they are those of stage 2,
 * and a space of 40 bits has no level 0 but a root of level 1 with 1024 entries.
 *
 * Level 9.  A table of level n translates nine address bits; one entry of level 0, 1, 2, 3 covers 2^39, 2^30, 2^21,
 * 2^12 bytes.  An entry is empty, a table (levels 0 to 2) or a page (level 1: 1 GiB, 2: 2 MiB, 3: 4 KiB).  What makes
 * a page of level 3 would make a table elsewhere, so an entry means nothing without its level.
 *
 * Every page is accessed (no access faults), not global, and never executable by the kernel.  A page without user
 * rights is a valid entry, but nobody can fetch from it either: contents that may not be read may not be run.
 */
#pragma once

#include "cap/cap_memory.h"
#include "core/state.h"

enum { PTE_LEVEL_LAST = 3, PTE_INDEX_BITS = 9 };

enum {
        PTE_VALID = 1 << 0,
        PTE_DEEP = 1 << 1,   /* levels 0 to 2: a table; level 3: always set */
        PTE_NORMAL = 4 << 2, /* MAIR index 4, write-back; otherwise index 0, Device-nGnRnE */
        PTE_USER = 1 << 6,
        PTE_READ_ONLY = 1 << 7,
        PTE_SHAREABLE = 3 << 8, /* inner */
        PTE_ACCESSED = 1 << 10,
        PTE_NOT_GLOBAL = 1 << 11,
};

/* The same at stage 2: they hold for every access, whoever makes it. */
enum {
        STAGE2_NORMAL = 15 << 2, /* write-back; otherwise Device-nGnRnE */
        STAGE2_READ = 1 << 6,
        STAGE2_WRITE = 1 << 7,
};
static const word STAGE2_EXECUTE_NEVER = (word)1 << 54;

enum { PTE_KERNEL_EXECUTE_NEVER = (word)1 << 53, PTE_USER_EXECUTE_NEVER = (word)1 << 54 };

/* The public attribute word of Page_Map; other bits are ignored. */
enum { ATTRIBUTE_CACHEABLE = 1 << 0, ATTRIBUTE_EXECUTE_NEVER = 1 << 2 };

/* The level of a VSpace's root, and the size of it. */
static inline word pte_root_level(void)
{
        return hypervisor_face() && kernel.hypervisor == 40;
}

static inline word pte_root_bits(void)
{
        return PAGE_BITS + pte_root_level();
}

/* Address bits of a whole space. */
static inline word pte_space_bits(void)
{
        return hypervisor_face() ? kernel.hypervisor : PAGE_BITS + PTE_INDEX_BITS * (PTE_LEVEL_LAST + 1);
}

/* Address bits that one entry of a table of `level` covers. */
static inline word pte_span(word level)
{
        return PAGE_BITS + PTE_INDEX_BITS * (PTE_LEVEL_LAST - level);
}

/* Index of the entry for `va` in a table of `level` that is no root. */
static inline word pte_index(word va, word level)
{
        return va >> pte_span(level) & ones(PTE_INDEX_BITS);
}

/* The entry of a root for `va`, which is not above user_top(). */
static inline word *pte_of_root(word *root, word va)
{
        return &root[va >> pte_span(pte_root_level())];
}

static inline bool pte_is_table(word entry, word level)
{
        return level < PTE_LEVEL_LAST && (entry & (PTE_VALID | PTE_DEEP)) == (PTE_VALID | PTE_DEEP);
}

static inline bool pte_is_page(word entry, word level)
{
        return (entry & PTE_VALID) && !pte_is_table(entry, level);
}

/* Physical address of the page or table. */
static inline word pte_paddr(word entry)
{
        return entry & ones(48) & ~ones(PAGE_BITS);
}

static inline word pte_table(word paddr)
{
        return paddr | PTE_VALID | PTE_DEEP;
}

/* pte_rights and pte_allowing at stage 2 (vm/frame.c). */
word pte_rights_stage2(word entry);
word pte_allowing_stage2(struct cap frame, word rights, word attributes);

/* What a page allows user level: RIGHT_READ, RIGHT_WRITE. */
static inline word pte_rights(word entry)
{
        if (hypervisor_face())
                return pte_rights_stage2(entry);
        if (!(entry & PTE_USER))
                return 0;
        return entry & PTE_READ_ONLY ? RIGHT_READ : RIGHT_READ | RIGHT_WRITE;
}

/* The bits with the rights of a page; the same at stage 2. */
static const word PTE_PERMISSIONS = (word)1 << 54 | PTE_USER | PTE_READ_ONLY;

/* All of a page but its address and level, by rights and public attributes: a table, as each Page_Map asks (frame.c). */
enum { PTE_LOOKS = 1 << 5 };
extern const word pte_look[PTE_LOOKS];

/* A page of the frame behind a cap: with `rights`, at the level of its size (frame_level), with the public attributes. */
static inline word pte_allowing(struct cap frame, word level, word rights, word attributes)
{
        if (hypervisor_face())
                return pte_allowing_stage2(frame, rights, attributes);
        return cap_address(frame) | (level == 0 ? PTE_DEEP : 0) | pte_look[(attributes & 7) << 2 | rights];
}

/* ... with the rights of the cap. */
static inline word pte_frame(struct cap frame, word attributes)
{
        return pte_allowing(frame, frame_level(frame), frame_rights(frame), attributes);
}

/* A small page of the initial address space: read, write, cacheable. */
static inline word pte_page(word paddr, bool executable)
{
        return pte_frame(cap_frame(paddr, 0, RIGHT_READ | RIGHT_WRITE, false),
                         ATTRIBUTE_CACHEABLE | (executable ? 0 : ATTRIBUTE_EXECUTE_NEVER));
}
