/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of pages, in leaves; see space.h. */
#include "os/memory/map.h"
#include "os/memory/space_pages.h"

enum { LEAF_BITS = SPACE_LEAF_BITS, LEAF_PAGES = SPACE_LEAF_PAGES, TABLE_LEAVES = SPACE_TABLE_LEAVES };

struct leaf *space_leaf_place(const struct space *s, uint32_t number)
{
        frame_id f = s->table[number / TABLE_LEAVES];

        return f ? (struct leaf *)frame_data(f) + number % TABLE_LEAVES : NULL;
}

struct page *space_leaf(const struct space *s, uint32_t number)
{
        const struct leaf *leaf = space_leaf_place(s, number);

        return leaf && leaf->pages ? (struct page *)frame_data(leaf->pages) : NULL;
}

typedef uint64_t __attribute__((may_alias)) tables; /* what four of them say in `some` */

uint32_t space_next_leaf(const struct space *s, uint32_t number)
{
        while (number < SPACE_LEAVES) {
                uint32_t table = number / TABLE_LEAVES,
                         some = s->some[table] >> number % TABLE_LEAVES / LEAF_GROUP;

                if (!some && table % 4 == 0 && !*(const tables *)&s->some[table])
                        number = (table + 4) * TABLE_LEAVES;
                else if (!some)
                        number = (number / TABLE_LEAVES + 1) * TABLE_LEAVES;
                else if (!(some & 1))
                        number = (number / LEAF_GROUP + 1) * LEAF_GROUP;
                else if (space_leaf_place(s, number)->pages)
                        return number;
                else
                        number++;
        }
        return SPACE_LEAVES;
}

struct page *space_page(struct space *s, seL4_Word va)
{
        struct page *p = space_leaf(s, (uint32_t)(va >> LEAF_BITS));

        return p ? &p[va / PAGE % LEAF_PAGES] : NULL;
}

/* The leaf of an address, with records; NULL: no memory. */
struct leaf *space_make_leaf(struct space *s, seL4_Word va)
{
        uint32_t number = (uint32_t)(va >> LEAF_BITS);
        frame_id *table = &s->table[number / TABLE_LEAVES];
        struct leaf *leaf;

        if (!*table)
                *table = frame_take_zero();
        leaf = *table ? space_leaf_place(s, number) : NULL;
        if (leaf && !leaf->pages) {
                leaf->pages = frame_take_zero();
                s->some[number / TABLE_LEAVES] |= (uint16_t)(1u << number % TABLE_LEAVES / LEAF_GROUP);
        }
        return leaf && leaf->pages ? leaf : NULL;
}

struct page *space_make_page(struct space *s, seL4_Word va)
{
        struct leaf *leaf = space_make_leaf(s, va);

        return leaf ? space_use_record(leaf, va) : NULL;
}

void space_unmap_page(struct space *s, struct page *p, seL4_Word va)
{
        if (p->state != PAGE_UNMAPPED)
                map_remove(space_leaf_place(s, (uint32_t)(va >> LEAF_BITS)), p, va / PAGE % LEAF_PAGES);
}
