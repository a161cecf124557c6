/* SPDX-License-Identifier: BSD-2-Clause */
/* What of an address space is in no region, or was in one until lately; see space.h. */
#include "os/memory/space_pages.h"

bool space_was_there(const struct space *s, seL4_Word va)
{
        for (unsigned i = 0; i < SPACE_GONE; i++) {
                if (va >= s->gone[i].start && va < s->gone[i].end)
                        return true;
        }
        return false;
}

/* What is free is looked for in whole blocks: one that has no gap as large as that is passed over. */
void region_measure(struct block *b)
{
        const struct region *r = (const struct region *)frame_data(b->frame), *last = r + b->count - 1;
        seL4_Word most = 0;

        b->first = (uint32_t)(r->start / PAGE);
        for (; r < last; r++)
                most = r[1].start - r->end > most ? r[1].start - r->end : most;
        b->gap = (uint32_t)(most / PAGE);
}

static seL4_Word between(const struct region *r)
{
        return (r[1].start - r->end) / PAGE;
}

/* Only what was the largest gap makes all of them be looked at again. */
void region_measure_new(struct block *b, uint32_t i)
{
        const struct region *r = (const struct region *)frame_data(b->frame) + i;
        bool inside = i > 0 && i + 1 < b->count;

        if (!inside || (r[1].start - r[-1].end) / PAGE == b->gap)
                region_measure(b);
}

void region_measure_gone(struct block *b, uint32_t i)
{
        const struct region *r = (const struct region *)frame_data(b->frame) + i;

        if (i == 0 || i == b->count)
                region_measure(b);
        else if (between(r - 1) > b->gap)
                b->gap = (uint32_t)between(r - 1);
}

/* The first address at or behind `from` from which so much is free, up to the next region or without an end. */
static seL4_Word free_from(struct space *s, seL4_Word from, seL4_Word size)
{
        struct region_place place;
        struct region *r = space_from(s, from, &place);

        while (r && (r->start <= from || r->start - from < size)) {
                const struct block *b = &s->block[place.block];

                if (place.index == 0 && b->gap < size / PAGE) {
                        place.index = b->count - 1;
                        r += place.index;
                }
                from = r->end;
                r = space_next(s, &place);
        }
        return from;
}

seL4_Word space_gap(struct space *s, seL4_Word from, seL4_Word size)
{
        if (s->taken >= from)
                from = s->taken = free_from(s, s->taken, PAGE);
        else
                s->taken = from;
        from = free_from(s, from, size);
        return from < SPACE_TOP && size <= SPACE_TOP - from ? from : 0;
}

static const struct region *before(const struct space *s, const struct region *r, struct region_place place)
{
        const struct block *b = &s->block[place.block];

        if (place.index)
                return r - 1;
        return place.block ? (const struct region *)frame_data(b[-1].frame) + b[-1].count - 1 : NULL;
}

bool space_grow_down(struct space *s, seL4_Word va, seL4_Word most, seL4_Word by)
{
        struct region_place place;
        struct region *r = va < SPACE_TOP ? space_from(s, va, &place) : NULL;
        const struct region *below;
        seL4_Word start = va & ~(seL4_Word)(PAGE - 1);

        if (!r || r->start <= va || !start || !(r->never & REGION_GROWS) || r->end - start > most ||
            r->start - start > by)
                return false;
        below = before(s, r, place);
        if (below && below->access && !(below->never & REGION_GROWS) &&
            start < below->end + SPACE_GUARD_PAGES * PAGE)
                return false;
        region_grows(s, r, r->start - start);
        r->start = start;
        region_measure(&s->block[place.block]);
        return true;
}
