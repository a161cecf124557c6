/* SPDX-License-Identifier: BSD-2-Clause */
/* See blocks.h. */
#include "os/memory/blocks.h"

void blocks_init(struct swap_blocks *b, uint32_t *entry, uint32_t count)
{
        b->entry = entry;
        b->count = b->free = count;
        b->first_free = count ? 1 : 0;
        for (uint32_t i = 1; i <= count; i++)
                entry[i] = i < count ? i + 1 : 0;
}

uint32_t blocks_take(struct swap_blocks *b)
{
        uint32_t block = b->first_free;

        if (!block)
                return 0;
        b->first_free = b->entry[block];
        b->entry[block] = 1;
        b->free--;
        return block;
}

void blocks_share(struct swap_blocks *b, uint32_t block)
{
        if (block)
                b->entry[block]++;
}

void blocks_drop(struct swap_blocks *b, uint32_t block)
{
        if (!block || --b->entry[block] > 0)
                return;
        b->entry[block] = b->first_free;
        b->first_free = block;
        b->free++;
}
