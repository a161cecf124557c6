/* SPDX-License-Identifier: BSD-2-Clause */
/* What region.c asks of space.c and region_use.c. */
#pragma once

#include "os/memory/space.h"

/* The block was changed: what it says of its regions.  Region `i` has come; the one that was there has gone, and others are left. */
void region_measure(struct block *b);
void region_measure_new(struct block *b, uint32_t i);
void region_measure_gone(struct block *b, uint32_t i);

/* Count a region that comes (1), goes or is about to change (-1); so many bytes more of it (modulo 2^64). */
void region_count(struct space *s, int sign, const struct region *r);
void region_grows(struct space *s, const struct region *r, uint64_t bytes);

/* Regions that meet at `va` become one where that can be. */
void region_join(struct space *s, seL4_Word va);

/* Pages of [start, end) go, frames and all. */
void space_clear_range(struct space *s, seL4_Word start, seL4_Word end);

/* The leaf of an address, with records; NULL: no memory. */
struct leaf *space_make_leaf(struct space *s, seL4_Word va);

static inline struct page *space_record(const struct leaf *leaf, seL4_Word va)
{
        return (struct page *)frame_data(leaf->pages) + va / PAGE % SPACE_LEAF_PAGES;
}

/* It is about to say something. */
static inline struct page *space_use_record(struct leaf *leaf, seL4_Word va)
{
        leaf->groups |= 1u << va / PAGE % SPACE_LEAF_PAGES / LEAF_GROUP;
        return space_record(leaf, va);
}

/* Does the file behind the region have all of this page? */
bool space_is_whole(const struct region *r, seL4_Word va);

/* A page that nobody may write to now becomes the file's own frame, while memory is plenty.  Is it that still, and does the file not change
 * it?  The file, too, lets go of what nobody has any more; can it? */
bool space_share_file(struct space *s, const struct region *r, struct page *p, seL4_Word va);
bool space_is_files(const struct space *s, const struct page *p, seL4_Word va);
void space_leave_files(const struct space *s, seL4_Word va);
bool space_files_can_leave(const struct space *s, seL4_Word va);

/* What the file holds of this page; the rest stays as it is. */
bool space_fill(struct space *s, const struct region *r, seL4_Word va, frame_id f);

/* What a touch is about.  It makes the page ready for that access (0: any); the same for a page of which all this is known. */
struct touch {
        struct region *region;
        struct leaf *leaf;
        struct page *page;
};

enum space_result space_touch_record(struct space *s, seL4_Word va, enum space_access access,
                                     struct touch *t);
enum space_result space_make_ready(struct space *s, const struct region *r, struct page *p, seL4_Word va,
                                   enum space_access access);

/* Does a device write to the page (hold.h)?  Then whoever asks tries again when it has ended (swap_awaited). */
bool space_fills(const struct page *p);

/* It is about to end. */
void space_unlist(struct space *s);

/* The record of a page, made when there is none yet; NULL: no memory.  Taking its mapping, and its content too. */
struct page *space_make_page(struct space *s, seL4_Word va);
void space_unmap_page(struct space *s, struct page *p, seL4_Word va);
