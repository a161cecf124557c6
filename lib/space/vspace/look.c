/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at an address space: free ranges, single pages, and the audit. */
#include "inside.h"

#include <sel4/report.h>

/* The first address at or after `vaddr` that is not empty, or `limit`. */
static seL4_Word end_of_hole(const vspace_t *vspace, seL4_Word vaddr, seL4_Word limit)
{
        while (vaddr < limit) {
                struct place at = shadow_find(vspace, vaddr);

                if (shadow_kind(at) != VSPACE_EMPTY)
                        return vaddr;
                vaddr = shadow_base(at) + (1ul << shadow_shift(at.table->level));
        }
        return limit;
}

/* The first address at or after `vaddr` that is empty, or `limit`. */
static seL4_Word skip_taken(const vspace_t *vspace, seL4_Word vaddr, seL4_Word limit)
{
        while (vaddr < limit) {
                struct place at = shadow_find(vspace, vaddr);

                if (shadow_kind(at) == VSPACE_EMPTY)
                        return vaddr;
                vaddr = shadow_base(at) + (1ul << shadow_shift(at.table->level));
        }
        return limit;
}

seL4_Word vspace_find_free(vspace_t *vspace, size_t count, size_t align_bits)
{
        seL4_Word mask = (1ul << (align_bits % seL4_WordBits)) - 1;
        seL4_Word size = count << seL4_PageBits;
        seL4_Word vaddr = vspace->window;

        if (!shadow_covers(vspace, vaddr, count) || !count || align_bits >= seL4_WordBits)
                return 0;
        vaddr = skip_taken(vspace, vspace->hint, vspace->window_end);
        vspace->hint = vaddr; /* everything below is taken */
        while (vaddr < vspace->window_end) {
                seL4_Word start = (vaddr + mask) & ~mask;
                seL4_Word end;

                if (start < vaddr || start > vspace->window_end || size > vspace->window_end - start)
                        return 0;
                end = end_of_hole(vspace, start, start + size);
                if (end >= start + size)
                        return start;
                vaddr = skip_taken(vspace, end, vspace->window_end);
        }
        return 0;
}

vspace_mapping_t vspace_lookup(vspace_t *vspace, seL4_Word vaddr)
{
        struct place at;
        const struct entry *entry;
        vspace_mapping_t mapping = {.kind = VSPACE_RESERVED, .vaddr = vaddr};

        if (!shadow_covers(vspace, vaddr & ~0xffful, 1))
                return mapping;
        at = shadow_find(vspace, vaddr);
        entry = shadow_entry(at);
        mapping = (vspace_mapping_t){
                .kind = shadow_kind(at),
                .vaddr = shadow_base(at),
                .size_bits = shadow_shift(at.table->level),
        };

        if (mapping.kind == VSPACE_PAGE) {
                mapping.frame = entry->cap;
                mapping.flags = (enum vspace_flags)entry->flags;
                mapping.paddr =
                        entry->owner & ENTRY_HAS_UT ? ut_paddr((const ut_t *)entry->what) : entry->what;
        }
        return mapping;
}

static unsigned complain(const vspace_t *vspace, seL4_Word vaddr, const char *what)
{
        report("vspace_audit: 0x%lx in address space 0x%lx: %s", vaddr, vspace->root, what);
        return 1;
}

static unsigned audit_table(const vspace_t *vspace, const struct vspace_table *table)
{
        unsigned wrong = 0;
        unsigned sum = 0;

        for (unsigned h = 0; h < 2; h++) {
                unsigned used = 0;

                for (unsigned i = 0; table->half[h] && i < SHADOW_HALF; i++)
                        used += table->half[h][i].kind != VSPACE_EMPTY;
                wrong += used != table->used[h] ? complain(vspace, table->base, "entries miscounted") : 0;
                sum += used;
        }
        if (!sum && table->parent)
                wrong += complain(vspace, table->base, "a table without entries");
        return wrong;
}

/* The capability must be the frame that the books name. */
static unsigned audit_page(const vspace_t *vspace, struct place at)
{
        const struct entry *entry = shadow_entry(at);
        seL4_Word vaddr = shadow_base(at);
        const ut_t *ut = entry->owner & ENTRY_HAS_UT ? (const ut_t *)entry->what : NULL;
        uintptr_t paddr = ut ? ut_paddr(ut) : entry->what;
        seL4_ARM_Page_GetAddress_t got;

        if (!(entry->owner & ENTRY_OWNS_CAP)) {
                return 0; /* the caller may have deleted it */
        }
        got = seL4_ARM_Page_GetAddress(entry->cap);
        if (got.error || got.paddr != paddr)
                return complain(vspace, vaddr, "another frame than the books say");
        if (!vspace_is_live(vspace, at))
                return complain(vspace, vaddr, "the kernel has no page there");
        if (ut && !ut->user)
                return complain(vspace, vaddr, "memory without a user is mapped");
        return 0;
}

unsigned vspace_audit(vspace_t *vspace)
{
        struct place at = {vspace->top, 0};
        struct vspace_table *last = NULL;
        size_t pages = 0;
        size_t tables = 0;
        unsigned wrong = 0;

        if (!vspace->top)
                return complain(vspace, 0, "destroyed");
        do {
                if (at.table != last && at.index == 0) {
                        wrong += audit_table(vspace, at.table);
                        tables += at.table->cap != seL4_CapNull;
                }
                last = at.table;
                if (shadow_kind(at) == VSPACE_PAGE) {
                        wrong += audit_page(vspace, at);
                        pages++;
                }
        } while (shadow_next(&at));
        if (pages != vspace->pages || tables != vspace->tables) {
                report("vspace_audit: %zu pages and %zu tables found, %zu and %zu counted", pages, tables,
                       vspace->pages, vspace->tables);
                wrong++;
        }
        return wrong;
}
