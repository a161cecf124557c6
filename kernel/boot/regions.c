/* SPDX-License-Identifier: BSD-2-Clause */
/* See regions.h. */
#include "boot/regions.h"
#include "cap/cap_memory.h"

static void insert_at(struct regions *r, word i, struct handover_range range)
{
        if (range.start >= range.end)
                return;
        if (r->count == REGIONS_MAX) {
                r->lost = true;
                return;
        }
        for (word n = r->count++; n > i; n--)
                r->range[n] = r->range[n - 1];
        r->range[i] = range;
}

static void drop_at(struct regions *r, word i)
{
        r->count--;
        for (; i < r->count; i++)
                r->range[i] = r->range[i + 1];
}

void regions_remove(struct regions *r, struct handover_range range)
{
        for (word i = r->count; i-- > 0;) {
                struct handover_range old = r->range[i];

                if (range.start >= range.end || old.end <= range.start || old.start >= range.end)
                        continue;
                drop_at(r, i);
                insert_at(r, i, (struct handover_range){range.end, old.end});
                insert_at(r, i, (struct handover_range){old.start, min_word(old.end, range.start)});
        }
}

void regions_add(struct regions *r, struct handover_range range)
{
        word i = 0;

        regions_remove(r, range);
        while (i < r->count && r->range[i].start < range.start)
                i++;
        insert_at(r, i, range);
}

word piece_bits(struct handover_range range)
{
        word bits = min_word(top_bit(range.end - range.start), UNTYPED_BITS_MAX);

        return range.start == 0 ? bits : min_word(bits, low_bit(range.start));
}
