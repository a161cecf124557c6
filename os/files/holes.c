/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a file was written, and what never was; see node.h. */
#include "os/core/pace.h"
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

static uint64_t end_of_chunk(uint64_t page, uint64_t end)
{
        uint64_t next = (page / NODE_CHUNK_PAGES + 1) * NODE_CHUNK_PAGES;

        return next < end ? next : end;
}

bool node_seek_some(struct node *n, uint64_t offset, bool data, uint64_t *page, uint64_t *found)
{
        uint64_t end = content_pages(n->size), next, at;

        if (*page < offset / PAGE)
                *page = offset / PAGE;
        if (n->kind == NODE_ARCHIVE && !data)
                *page = end;
        while (n->kind != NODE_ARCHIVE && *page < end) {
                next = end_of_chunk(*page, end);
                *page = find_page(n, *page, next, data);
                if (*page < next)
                        break;
                if (next < end && pace_is_over())
                        return false;
        }
        at = *page * PAGE > offset ? *page * PAGE : offset;
        *found = at < n->size ? at : n->size;
        return true;
}

/* Pages of [page, end) that have content; all are of one chunk. */
static uint64_t count_pages(struct node *n, uint64_t page, uint64_t end)
{
        uint64_t count = 0;

        for (uint64_t gap; (page = find_page(n, page, end, true)) < end; page = gap) {
                gap = find_page(n, page, end, false);
                count += gap - page;
        }
        return count;
}

bool node_count_some(struct node *n, uint64_t *page, uint64_t *bytes)
{
        uint64_t end = content_pages(n->size);

        if (!node_has_content(n)) {
                *bytes += n->size;
                return true;
        }
        while (*page < end) {
                uint64_t next = end_of_chunk(*page, end);

                *bytes += count_pages(n, *page, next) * PAGE;
                *page = next;
                if (next < end && pace_is_over())
                        return false;
        }
        return true;
}

uint64_t node_bytes(struct node *n)
{
        uint64_t page = 0, bytes = 0;

        while (!node_count_some(n, &page, &bytes))
                ;
        return bytes;
}
