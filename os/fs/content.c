/* SPDX-License-Identifier: BSD-2-Clause */
/* Content of files: bytes of the archive, or frames found through frames of frame numbers. */
#include "base/text.h"
#include "os/fs/node.h"
#include "sos/clock.h"
#include "sos/proto.h"

enum { PAGE = 4096 };

static const uint64_t SIZE_MAX_BYTES = (uint64_t)NODE_CHUNKS * NODE_CHUNK_PAGES * PAGE;

/* Where the frame number of a page is kept; NULL in a hole, unless it shall be made and memory is there. */
static frame_id *place(struct node *n, uint64_t page, bool make)
{
        frame_id *chunk = &n->chunk[page / NODE_CHUNK_PAGES];

        if (!*chunk && make)
                *chunk = frame_take_zero();
        return *chunk ? (frame_id *)frame_data(*chunk) + page % NODE_CHUNK_PAGES : NULL;
}

static char *page_data(struct node *n, uint64_t page, bool make)
{
        frame_id *f = place(n, page, make);

        if (f && !*f && make)
                *f = frame_take_zero();
        return f && *f ? (char *)frame_data(*f) : NULL;
}

static size_t piece(uint64_t offset, size_t left)
{
        size_t room = PAGE - offset % PAGE;

        return left < room ? left : room;
}

static void read_memory(struct node *n, uint64_t offset, char *to, size_t size)
{
        while (size > 0) {
                size_t part = piece(offset, size);
                const char *data = page_data(n, offset / PAGE, false);

                if (data)
                        memcpy(to, data + offset % PAGE, part);
                else
                        memset(to, 0, part);
                to += part;
                offset += part;
                size -= part;
        }
}

long node_read(struct node *n, uint64_t offset, void *to, size_t size)
{
        if (n->kind == NODE_DIRECTORY)
                return -SOS_EISDIR;
        if (offset >= n->size)
                return 0;
        if (size > n->size - offset)
                size = n->size - offset;
        if (n->kind == NODE_ARCHIVE)
                memcpy(to, n->bytes + offset, size);
        else
                read_memory(n, offset, to, size);
        return (long)size;
}

/* Programs and scripts: there are no other modes here. */
static bool looks_executable(struct node *n)
{
        const char *data = page_data(n, 0, false);

        return data && (!memcmp(data, "\177ELF", 4) || !memcmp(data, "#!", 2));
}

long node_write(struct node *n, uint64_t offset, const void *from, size_t size)
{
        const char *at = from;
        size_t left = size;

        if (n->kind != NODE_MEMORY)
                return n->kind == NODE_DIRECTORY ? -SOS_EISDIR : -SOS_EACCES;
        if (offset > SIZE_MAX_BYTES || size > SIZE_MAX_BYTES - offset)
                return -SOS_EFBIG;
        while (left > 0) {
                size_t part = piece(offset, left);
                char *data = page_data(n, offset / PAGE, true);

                if (!data)
                        break;
                memcpy(data + offset % PAGE, at, part);
                at += part;
                offset += part;
                left -= part;
        }
        n->changed = clock_us();
        if (offset > n->size)
                n->size = offset;
        if (offset == size - left)
                n->executable = looks_executable(n);
        return left == size && size > 0 ? -SOS_ENOSPC : (long)(size - left);
}

static void drop_page(frame_id *f)
{
        if (*f)
                frame_drop(*f);
        *f = 0;
}

long node_truncate(struct node *n, uint64_t size)
{
        uint64_t keep = (size + PAGE - 1) / PAGE;
        char *last;

        if (n->kind != NODE_MEMORY)
                return -SOS_EACCES;
        if (size > SIZE_MAX_BYTES)
                return -SOS_EFBIG;
        last = size % PAGE ? page_data(n, size / PAGE, false) : NULL;
        for (uint64_t page = keep; page * PAGE < n->size; page++) {
                frame_id *f = place(n, page, false);

                if (f)
                        drop_page(f);
        }
        for (uint64_t i = (keep + NODE_CHUNK_PAGES - 1) / NODE_CHUNK_PAGES; i < NODE_CHUNKS; i++)
                drop_page(&n->chunk[i]);
        if (last && size < n->size)
                memset(last + size % PAGE, 0, PAGE - size % PAGE);
        n->size = size;
        n->changed = clock_us();
        return 0;
}
