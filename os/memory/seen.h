/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that calls look into again and again, without looking for region, leaf and record each time.
 *
 * What is remembered is where the records of a page's leaf are, and what its region allows.  It holds until a region goes or gets
 * another access, or a leaf goes: space->changes counts these.  Everything else (paging, fork, a copy at the first write) changes the
 * record, or the users of its frame, and both are looked at each time.  So what space_seen finds is what space_touch would, with
 * nothing left to do. */
#pragma once

#include "os/memory/space.h"

static inline struct seen_page *seen_place(struct space *s, seL4_Word va)
{
        return &s->seen[va / PAGE % SPACE_SEEN];
}

/* Of a page in seen_page.where. */
enum { SEEN_ACCESS_BITS = 3 };
_Static_assert(SPACE_TOP / PAGE <= 1u << (32 - SEEN_ACCESS_BITS),
               "a page's number and an access are 32 bits");

static inline seL4_Word seen_where(seL4_Word va)
{
        return va / PAGE << SEEN_ACCESS_BITS;
}

/* Is the record as space_touch leaves it for this access? */
static inline bool seen_ready(const struct page *p, enum space_access access)
{
        if (!p->frame || p->coming || p->lost || !p->touched || !frame_record(p->frame)->shown)
                return false;
        return access != SPACE_WRITE || (p->dirty && !p->swap && (p->common || !frame_shared(p->frame)));
}

/* The bytes at `va` if the page was seen and is ready for that access (one of SPACE_READ, SPACE_WRITE); NULL: space_touch has to look.
 * The pointer is good until a frame is taken. */
static inline void *space_seen(struct space *s, seL4_Word va, enum space_access access)
{
        const struct seen_page *seen = seen_place(s, va);
        seL4_Word allowed = seen->where ^ seen_where(va);
        const struct page *p = (const struct page *)frame_data(seen->records) + va / PAGE % SPACE_LEAF_PAGES;

        if (allowed >> SEEN_ACCESS_BITS || !(allowed & access) || seen->changes != s->changes ||
            !seen_ready(p, access))
                return NULL;
        return frame_data(p->frame) + va % PAGE;
}

/* The same for so many bytes, all in that page. */
static inline void *space_seen_bytes(struct space *s, seL4_Word va, seL4_Word bytes, enum space_access access)
{
        return va % PAGE + bytes <= PAGE ? space_seen(s, va, access) : NULL;
}

/* space_touch has found it. */
static inline void seen_note(struct space *s, seL4_Word va, const struct region *r, const struct leaf *leaf)
{
        *seen_place(s, va) = (struct seen_page){
                .where = (uint32_t)seen_where(va) | r->access, .records = leaf->pages, .changes = s->changes};
}
