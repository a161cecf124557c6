/* SPDX-License-Identifier: BSD-2-Clause */
/* The initial VSpace: exactly the tables that its range touches, and a small frame for every page.
 *
 * Tables of one level lie one after the other, ascending by address, so the table of an address is found by
 * arithmetic; they are provided to user level in the same order: all of level 1, if that is not the root, then 2, then 3.
 */
#include "arch/arch.h"
#include "boot/boot.h"
#include "core/state.h"
#include "vm/pte.h"

enum { LEVELS = 3, TABLE_BITS = 9 };

/* Address bits that one table of level 1, 2, 3 covers. */
static word table_span(word level)
{
        return PAGE_BITS + TABLE_BITS * (4 - level);
}

static word tables_of_level(const struct user_layout *u, word level)
{
        word span = table_span(level);

        return (align_up(u->top, span) - align_down(u->start, span)) >> span;
}

void space_plan(struct boot *b)
{
        struct user_layout *u = &b->user;
        word size = range_size(b->h.root), page = bit(PAGE_BITS), extra = bootinfo_extra_size(b);

        b->at.extra_bits = extra ? max_word(top_bit(extra - 1) + 1, PAGE_BITS) : 0;
        u->start = b->h.root_va;
        u->buffer = u->start + size;
        u->info = u->buffer + page;
        u->extra = u->info + page;
        u->top = u->extra + (extra ? bit(b->at.extra_bits) : 0);
        if (u->start > user_top() || size > user_top() || u->top > user_top())
                boot_stop("the root image does not fit below the end of the user address space");
        u->table_count[0] = 0;
        for (word level = pte_root_level() + 1; level <= LEVELS; level++)
                u->table_count[level - 1] = tables_of_level(u, level);
}

/* Physical address of the table of `level` that covers `va`. */
static word table_at(const struct boot *b, word level, word va)
{
        word span = table_span(level), at = b->at.tables;

        for (word l = pte_root_level() + 1; l < level; l++)
                at += b->user.table_count[l - 1] << PAGE_BITS;
        return at + (((va >> span) - (b->user.start >> span)) << PAGE_BITS);
}

/* The entry for `va` in the table of `level`. */
static word *entry_at(const struct boot *b, word level, word va)
{
        if (level == pte_root_level())
                return pte_of_root(window(b->at.vspace), va);
        word *table = window(table_at(b, level, va));

        return &table[va >> (table_span(level) - TABLE_BITS) & ones(TABLE_BITS)];
}

static void make_tables(struct boot *b)
{
        b->info->image_paging.start = b->next_slot;
        for (word level = pte_root_level() + 1; level <= LEVELS; level++) {
                word span = table_span(level), va = align_down(b->user.start, span);

                for (; va < b->user.top; va += bit(span)) {
                        word table = table_at(b, level, va);

                        *entry_at(b, level - 1, va) = pte_table(table);
                        boot_provide(b, cap_mapped(cap_for_object(CAP_PAGE_TABLE, window(table), 0, 0),
                                                   BOOT_ASID, va));
                }
        }
        b->info->image_paging.end = b->next_slot;
}

/* Map one page; returns the cap of its frame. */
static struct cap map(struct boot *b, word paddr, word va, bool executable)
{
        *entry_at(b, LEVELS, va) = pte_page(paddr, executable);
        return cap_mapped(cap_frame(paddr, 0, RIGHT_READ | RIGHT_WRITE, false), BOOT_ASID, va);
}

static struct slot_region map_range(struct boot *b, struct handover_range r, word va)
{
        struct slot_region slots = {b->next_slot, b->next_slot};

        for (; r.start < r.end; r.start += bit(PAGE_BITS), va += bit(PAGE_BITS))
                boot_provide(b, map(b, r.start, va, true));
        slots.end = b->next_slot;
        return slots;
}

void space_make(struct boot *b)
{
        struct handover_range extra = {b->at.extra, 0};

        make_tables(b);
        slot_fill(&b->slots[SLOT_INIT_BUFFER], map(b, b->at.buffer, b->user.buffer, false));
        slot_fill(&b->slots[SLOT_BOOTINFO_FRAME], map(b, b->at.info, b->user.info, false));
        bootinfo_extra(b);
        if (b->info->extra_length > 0) {
                extra.end = align_up(extra.start + b->info->extra_length, PAGE_BITS);
                b->info->extra_pages = map_range(b, extra, b->user.extra);
        }
        b->info->sched_control.start = b->next_slot;
        for (word core = 0; core < kernel.cores; core++)
                boot_provide(b, cap_make(CAP_SCHED_CONTROL, 0, 0, core));
        b->info->sched_control.end = b->next_slot;
        b->info->image_frames = map_range(b, b->h.root, b->user.start);
        arch_table_written();
}
