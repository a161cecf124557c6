/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a file was written, and what never was; see node.h. */
#include "os/files/later.h"
#include "os/files/names.h"

/* Has page `page` of a chunk content, in memory or on the disk? */
static bool is_there(const struct node *n, const frame_id *numbers, uint64_t page)
{
        frame_id entry = numbers ? numbers[page % NODE_CHUNK_PAGES] : 0;

        return entry ? later_frame(entry) != 0 : page < n->on_disk;
}

/* The first page from `page` on, below `end`, that has content (`there`) or has none. */
static uint64_t find_page(struct node *n, uint64_t page, uint64_t end, bool there)
{
        while (page < end) {
                const frame_id *numbers = content_chunk(n, page / NODE_CHUNK_PAGES);
                uint64_t next = (page / NODE_CHUNK_PAGES + 1) * NODE_CHUNK_PAGES;

                if (is_there(n, numbers, page) == there)
                        return page;
                if (!numbers && page < n->on_disk)
                        next = next < n->on_disk ? next : n->on_disk;
                page = numbers ? page + 1 : next;
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
        for (uint64_t page = 0, gap; (page = find_page(n, page, end, true)) < end; page = gap) {
                gap = find_page(n, page, end, false);
                count += gap - page;
        }
        return count * PAGE;
}
