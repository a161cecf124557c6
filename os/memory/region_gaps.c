/* SPDX-License-Identifier: BSD-2-Clause */
/* What of an address space is in no region, or was in one until lately; see space.h. */
#include "os/memory/space.h"

bool space_was_there(const struct space *s, seL4_Word va)
{
        for (unsigned i = 0; i < SPACE_GONE; i++) {
                if (va >= s->gone[i].start && va < s->gone[i].end)
                        return true;
        }
        return false;
}

/* The first address at or behind `from` that is in no region. */
static seL4_Word free_from(struct space *s, seL4_Word from)
{
        struct region_place place;

        for (struct region *r = space_from(s, from, &place); r && r->start <= from; r = space_next(s, &place))
                from = r->end;
        return from;
}

seL4_Word space_gap(struct space *s, seL4_Word from, seL4_Word size)
{
        struct region_place place;

        if (s->taken >= from)
                from = s->taken = free_from(s, s->taken);
        else
                s->taken = from;
        for (struct region *r = space_from(s, from, &place); r && r->start - from < size;
             r = space_next(s, &place))
                from = r->end;
        return from < SPACE_TOP && size <= SPACE_TOP - from ? from : 0;
}
