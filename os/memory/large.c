/* SPDX-License-Identifier: BSD-2-Clause */
/* See large.h. */
#include "os/memory/large.h"
#include "os/core/pace.h"
#include "os/memory/map.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { LARGE_BYTES = FRAME_LARGE * PAGE };

_Static_assert(LARGE_BYTES == 1 << SPACE_LEAF_BITS, "a leaf is what a large frame maps");

static struct page *pages_of(const struct leaf *leaf)
{
        return (struct page *)frame_data(leaf->pages);
}

/* Are the pages of the leaf those of the group, all there?  And does nobody share them? */
static bool is_whole(const struct leaf *leaf, frame_id first, bool *own)
{
        const struct page *p = pages_of(leaf);

        *own = true;
        for (unsigned i = 0; i < FRAME_LARGE; i++) {
                if (p[i].frame != first + i || p[i].coming || p[i].lost)
                        return false;
                *own &= !frame_shared(first + i);
        }
        return true;
}

/* Can a leaf that is not mapped be mapped as one? */
static bool is_free(const struct leaf *leaf, frame_id first)
{
        return !leaf->table && !frame_record(first)->in_use;
}

static bool fits(const struct region *r, seL4_Word start)
{
        return r->start <= start && start + LARGE_BYTES <= r->end && !region_common(r) &&
               !(r->access & SPACE_EXECUTE);
}

static void mark(struct leaf *leaf, bool write)
{
        struct page *p = pages_of(leaf);

        leaf->table = LEAF_LARGE;
        for (unsigned i = 0; i < FRAME_LARGE; i++) {
                if (write && p[i].swap) {
                        swap_drop(p[i].swap);
                        p[i].swap = 0;
                }
                p[i].dirty |= write;
                p[i].touched = 1;
                p[i].state = write ? PAGE_WRITABLE : PAGE_READABLE;
        }
}

bool large_map(struct space *s, struct leaf *leaf, const struct region *r, struct page *p, seL4_Word va,
               bool write)
{
        frame_id first = frame_large_first(p->frame);
        seL4_Word start = va & ~(LARGE_BYTES - 1ul);
        bool mapped = leaf->table == LEAF_LARGE, own;

        if (mapped && (!write || p->state == PAGE_WRITABLE))
                return true;
        if (!mapped && !(is_free(leaf, first) && fits(r, start)))
                return false;
        if (!is_whole(leaf, first, &own) || (write && !own))
                return false;
        write = own && r->access & SPACE_WRITE;
        if (!map_whole(s, leaf, frame_record(first)->lent, start, write))
                return false;
        frame_record(first)->in_use = 1;
        mark(leaf, write);
        return true;
}

void large_remove(struct leaf *leaf)
{
        struct page *p = pages_of(leaf);
        struct frame *first = frame_record(p->frame);

        seL4_ARM_Page_Unmap(first->lent);
        first->in_use = 0;
        leaf->table = 0;
        for (unsigned i = 0; i < FRAME_LARGE; i++)
                p[i].state = PAGE_UNMAPPED;
}

/* Private memory that begins with zeros, all of this leaf. */
static bool is_plain(const struct region *r, seL4_Word va)
{
        enum { BOTH = SPACE_READ | SPACE_WRITE };

        return r && r->access == BOTH && (r->kind == REGION_MEMORY || r->kind == REGION_HEAP) &&
               !r->file_size && !(r->never & REGION_NO_LARGE) && fits(r, va);
}

/* All of the leaf will be used where the page before it is, or where it is the beginning of the region. */
static bool is_wanted(struct space *s, const struct region *r, seL4_Word va)
{
        const struct page *before = va > r->start ? space_page(s, va - PAGE) : NULL;
        const struct leaf *leaf = space_leaf_place(s, (uint32_t)(va >> SPACE_LEAF_BITS));

        return (va == r->start || (before && before->frame)) && !(leaf && (leaf->groups || leaf->table));
}

void large_fill(struct space *s, seL4_Word va)
{
        const struct region *r = space_find(s, va);
        struct leaf *leaf = is_plain(r, va) && is_wanted(s, r, va) ? space_make_leaf(s, va) : NULL;
        frame_id f = leaf ? frame_take_large() : 0;
        struct page *p = f ? space_record(leaf, va) : NULL;

        if (!f)
                return;
        for (unsigned i = 0; i < FRAME_LARGE; i++)
                p[i] = (struct page){.frame = f + i, .touched = 1, .fixed = s->locks};
        leaf->groups = UINT32_MAX;
        s->resident += FRAME_LARGE;
        large_map(s, leaf, r, p, va, true);
}
