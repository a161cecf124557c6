/* SPDX-License-Identifier: BSD-2-Clause */
/* Shadow tables and the kernel tables under them: made on demand, gone with their last entry. */
#include <object/object.h>
#include <sel4/report.h>
#include <shadow/shadow.h>

static struct book_pool table_pool = {.bytes = (sizeof(struct vspace_table) + 15) & ~15ul};

static unsigned index_at(unsigned level, seL4_Word vaddr)
{
        return (vaddr >> shadow_shift(level)) & (2 * SHADOW_HALF - 1);
}

struct place shadow_find(const vspace_t *vspace, seL4_Word vaddr)
{
        struct place at = {vspace->top, index_at(0, vaddr)};

        while (shadow_kind(at) == VSPACE_TABLE) {
                at.table = (struct vspace_table *)shadow_entry(at)->what;
                at.index = index_at(at.table->level, vaddr);
        }
        return at;
}

/* Room for the entry at `at`. */
static int need_half(struct place at)
{
        unsigned h = at.index / SHADOW_HALF;

        if (at.table->half[h])
                return seL4_NoError;
        if (book_get(&at.table->page[h]))
                return VSPACE_NO_MEMORY;
        at.table->half[h] = at.table->page[h].memory;
        return seL4_NoError;
}

static void drop_half_if_empty(struct vspace_table *table, unsigned h)
{
        if (table->half[h] && !table->used[h]) {
                table->half[h] = NULL;
                book_put(&table->page[h]);
        }
}

void shadow_fill(struct place at, struct entry entry)
{
        struct entry *slot = shadow_entry(at);

        if (slot->kind == VSPACE_EMPTY)
                at.table->used[at.index / SHADOW_HALF]++;
        *slot = entry;
}

static void unmake(vspace_t *vspace, struct vspace_table *table)
{
        if (table->cap) {
                ut_free_object(vspace->cspace, table->cap, table->ut);
                table->cap = seL4_CapNull;
                vspace->tables--;
        }
}

void shadow_release(vspace_t *vspace, struct place at)
{
        struct entry *slot = shadow_entry(at);
        struct vspace_table *table = at.table;

        if (slot && slot->kind != VSPACE_EMPTY) {
                *slot = (struct entry){.kind = VSPACE_EMPTY};
                table->used[at.index / SHADOW_HALF]--;
        }
        drop_half_if_empty(table, at.index / SHADOW_HALF);
        if (table->parent && !table->half[0] && !table->half[1]) {
                struct place up = {table->parent, table->index};

                unmake(vspace, table);
                book_free(&table_pool, table);
                shadow_release(vspace, up);
        }
}

static int add_table(struct place at)
{
        struct vspace_table *table;
        int err = need_half(at);

        if (err)
                return err;
        table = book_new(&table_pool);
        if (!table)
                return VSPACE_NO_MEMORY;
        table->parent = at.table;
        table->index = (uint16_t)at.index;
        table->level = (uint8_t)(at.table->level + 1);
        table->base = shadow_base(at);
        shadow_fill(at, (struct entry){.kind = VSPACE_TABLE, .what = (uintptr_t)table});
        return seL4_NoError;
}

int shadow_make_real(vspace_t *vspace, struct place at, unsigned level)
{
        struct vspace_table *table = at.table;
        int err;

        while (table->level > level)
                table = table->parent;
        if (table->level < level) {
                return seL4_DeleteFirst; /* a large page is wanted where a table is */
        }
        if (table->cap)
                return seL4_FailedLookup;
        table->ut = ut_new_object(vspace->cspace, &table->cap, seL4_ARM_PageTableObject, seL4_PageTableBits);
        if (!table->ut)
                return VSPACE_NO_MEMORY;
        err = seL4_ARM_PageTable_Map(table->cap, vspace->root, table->base, seL4_ARM_Default_VMAttributes);
        if (err) {
                ut_free_object(vspace->cspace, table->cap, table->ut);
                table->cap = seL4_CapNull;
                return err;
        }
        vspace->tables++;
        return seL4_NoError;
}

/* One level down, or an error. */
static int step(struct place *at)
{
        int err = shadow_kind(*at) == VSPACE_EMPTY ? add_table(*at) : seL4_NoError;
        struct entry *entry = shadow_entry(*at);

        if (err)
                return err;
        if (entry->kind != VSPACE_TABLE)
                return seL4_DeleteFirst;
        at->table = (struct vspace_table *)entry->what;
        return seL4_NoError;
}

int shadow_make(vspace_t *vspace, seL4_Word vaddr, unsigned level, struct place *at)
{
        int err = seL4_NoError;

        at->table = vspace->top;
        at->index = index_at(0, vaddr);
        while (!err && at->table->level < level) {
                err = step(at);
                at->index = index_at(at->table->level, vaddr);
        }
        if (!err)
                err = need_half(*at);
        if (!err && shadow_kind(*at) != VSPACE_EMPTY)
                return seL4_DeleteFirst;
        if (err && shadow_kind(*at) == VSPACE_EMPTY)
                shadow_release(vspace, *at);
        return err;
}

int shadow_open(vspace_t *vspace)
{
        vspace->top = book_new(&table_pool);
        if (!vspace->top)
                return VSPACE_NO_MEMORY;
        return seL4_NoError;
}

void shadow_close(vspace_t *vspace)
{
        book_free(&table_pool, vspace->top);
        vspace->top = NULL;
}

bool shadow_next(struct place *at)
{
        if (shadow_kind(*at) == VSPACE_TABLE) {
                at->table = (struct vspace_table *)shadow_entry(*at)->what;
                at->index = 0;
                return true;
        }
        for (at->index++; at->index == 2 * SHADOW_HALF && at->table->parent; at->index++) {
                at->index = at->table->index;
                at->table = at->table->parent;
        }
        return at->index < 2 * SHADOW_HALF;
}
