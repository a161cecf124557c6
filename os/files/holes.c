/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a file was written, and what never was; see node.h. */
#include "os/files/names.h"

/* The first page from `page` on, below `end`, that has a frame (`there`) or has none. */
static uint64_t find_page(struct node *n, uint64_t page, uint64_t end, bool there)
{
        while (page < end) {
                const frame_id *numbers = content_chunk(n, page / NODE_CHUNK_PAGES);

                if (!numbers) {
                        if (!there)
                                return page;
                        page = (page / NODE_CHUNK_PAGES + 1) * NODE_CHUNK_PAGES;
                        continue;
                }
                if ((numbers[page % NODE_CHUNK_PAGES] != 0) == there)
                        return page;
                page++;
        }
        return end;
}

uint64_t node_seek(struct node *n, uint64_t offset, bool data)
{
        uint64_t end = content_pages(n->size), page, at;

        if (n->kind == NODE_ARCHIVE)
                page = data ? offset / PAGE : end;
        else
                page = find_page(n, offset / PAGE, end, data);
        at = page * PAGE > offset ? page * PAGE : offset;
        return at < n->size ? at : n->size;
}

uint64_t node_bytes(struct node *n)
{
        uint64_t end = content_pages(n->size), count = 0;

        if (!node_has_content(n))
                return n->size;
        for (uint64_t page = 0; (page = find_page(n, page, end, true)) < end; page++)
                count++;
        return count * PAGE;
}
