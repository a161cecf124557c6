/* SPDX-License-Identifier: BSD-2-Clause */
/* The shadow of one address space's tables.  Private to the vspace library, whose vspace_t it keeps in `top`.
 *
 * Level 0 is the VSpace itself; an entry of level n covers 2^shadow_shift(n) bytes.  A table's 512 entries are kept in
 * two halves of one bookkeeping page each, which exist only while they hold something.  A shadow table need not have a
 * kernel table: reservations do without, and in the root task's own space some exist since boot.  So kernel tables are made only when the
 * kernel reports them missing.
 *
 * Results: 0, a seL4_Error, or -1 for out of memory or slots.
 */
#pragma once

#include <book/book.h>
#include <shadow/space.h>

enum {
        SHADOW_LEVELS = 4,
        SHADOW_HALF = 256,
        ENTRY_FLAGS = 0xf, /* those that stay with a page */
};

enum entry_flag {
        ENTRY_OWNS_CAP = 1, /* delete the capability at unmap */
        ENTRY_HAS_UT =
                2, /* `what` is the frame's ut_t, whose `user` counts the mappings; else a physical address */
};

struct entry {
        uint32_t cap;
        uint8_t kind;   /* enum vspace_kind */
        uint8_t flags;  /* enum vspace_flags */
        uint8_t owner;  /* enum entry_flag */
        uint8_t before; /* the flags before the last change, to undo it */
        uintptr_t what; /* kind TABLE: struct vspace_table */
};

_Static_assert(sizeof(struct entry) * SHADOW_HALF == 4096, "half a table is one page");

struct vspace_table {
        struct vspace_table *parent;
        struct entry *half[2];
        struct book_page page[2];
        uint16_t used[2]; /* entries that are not empty */
        uint8_t level;
        uint16_t index; /* in the parent */
        seL4_CPtr cap;  /* the kernel's table; 0: none yet, or made by the kernel at boot */
        ut_t *ut;
        seL4_Word base; /* first address */
};

/* A place in the shadow. */
struct place {
        struct vspace_table *table;
        unsigned index;
};

static inline unsigned shadow_shift(unsigned level)
{
        return 39 - 9 * level;
}

/* The entry at a place; NULL stands for an empty one whose half does not exist. */
static inline struct entry *shadow_entry(struct place at)
{
        struct entry *half = at.table->half[at.index / SHADOW_HALF];

        return half ? &half[at.index % SHADOW_HALF] : NULL;
}

static inline enum vspace_kind shadow_kind(struct place at)
{
        const struct entry *entry = shadow_entry(at);

        return entry ? (enum vspace_kind)entry->kind : VSPACE_EMPTY;
}

static inline seL4_Word shadow_base(struct place at)
{
        return at.table->base + ((seL4_Word)at.index << shadow_shift(at.table->level));
}

/* Pages that exist in this address space, which exists itself.  Then no sum of address and size wraps. */
static inline bool shadow_covers(const vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        return vspace->top && !(vaddr & ((1ul << seL4_PageBits) - 1)) && vaddr <= seL4_UserTop &&
               count <= (seL4_UserTop + 1 - vaddr) >> seL4_PageBits;
}

/* The deepest entry on the way to `vaddr`. */
struct place shadow_find(const vspace_t *vspace, seL4_Word vaddr);

/* Make shadow tables down to `level` and room for the entry there.  seL4_DeleteFirst if a page or reservation is in the
 * way.  Call shadow_release afterwards when the entry stays empty. */
int shadow_make(vspace_t *vspace, seL4_Word vaddr, unsigned level, struct place *at);

/* Make the kernel table of that level on the way to `at`.  seL4_FailedLookup if we have made it before. */
int shadow_make_real(vspace_t *vspace, struct place at, unsigned level);

/* Fill an entry made by shadow_make; empty it again, and remove all tables that became empty. */
void shadow_fill(struct place at, struct entry entry);
void shadow_release(vspace_t *vspace, struct place at);

int shadow_open(vspace_t *vspace);
void shadow_close(vspace_t *vspace);

/* The place after `at` in address order, going down into tables; false at the end. */
bool shadow_next(struct place *at);
