/* SPDX-License-Identifier: BSD-2-Clause */
/* Content of files: bytes of the archive, or frames found through frames of frame numbers. */
#include <ut/ut.h>

#include "base/text.h"
#include "os/device/board.h"
#include "os/files/node.h"
#include "sos/proto.h"

static const uint64_t SIZE_MAX_BYTES = (uint64_t)NODE_CHUNKS * NODE_CHUNK_PAGES * PAGE;

/* MAKE_WHOLE: all of the page is about to be written, so that nobody sees what a new one has. */
enum purpose { LOOK, CHANGE, MAKE, MAKE_WHOLE };

/* Frames that hold files.  An eighth of all is left for programs, which could not even be read to remove files. */
enum { PART_FOR_PROGRAMS = 8, PIECE_PAGES = 10 };
static size_t held;

static frame_id take(bool zero)
{
        struct frame_counts c = frame_counts();
        size_t all = c.used + c.free + ut_available() / PAGE;
        frame_id f;

        all = all < c.limit ? all : c.limit;
        while (held >= all - all / PART_FOR_PROGRAMS && node_leave_some())
                ;
        f = held >= all - all / PART_FOR_PROGRAMS ? 0 : zero ? frame_take_zero() : frame_take();
        held += f != 0;
        return f;
}

/* Make a frame that somebody else uses too our own.  Frames of frame numbers share the frames that they name. */
static bool make_own(frame_id *f, bool numbers)
{
        frame_id copy;

        if (!*f || frame_users(*f) == 1)
                return true;
        copy = take(false);
        if (!copy)
                return false;
        memcpy(frame_data(copy), frame_data(*f), PAGE);
        for (unsigned i = 0; numbers && i < NODE_CHUNK_PAGES; i++) {
                frame_id page = ((frame_id *)frame_data(copy))[i];

                if (page)
                        frame_share(page);
        }
        frame_drop(*f);
        *f = copy;
        return true;
}

/* Where the frame number of a page is kept; NULL in a hole or when memory is out. */
static frame_id *place(struct node *n, uint64_t page, enum purpose purpose)
{
        frame_id *chunk = &n->chunk[page / NODE_CHUNK_PAGES];

        if (!*chunk && purpose >= MAKE)
                *chunk = take(true);
        if (!*chunk || (purpose != LOOK && !make_own(chunk, true)))
                return NULL;
        return (frame_id *)frame_data(*chunk) + page % NODE_CHUNK_PAGES;
}

static char *page_data(struct node *n, uint64_t page, enum purpose purpose)
{
        frame_id *f = place(n, page, purpose);

        if (f && !*f && purpose >= MAKE)
                *f = take(purpose == MAKE);
        if (!f || !*f || (purpose != LOOK && !make_own(f, false)))
                return NULL;
        return (char *)frame_data(*f);
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
                const char *data = page_data(n, offset / PAGE, LOOK);

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

/* Programs and scripts. */
static bool looks_executable(struct node *n)
{
        const char *data = page_data(n, 0, LOOK);

        return data && (!memcmp(data, "\177ELF", 4) || !memcmp(data, "#!", 2));
}

/* Why nothing at all can be written there; 0 when something can. */
static long refusal(const struct node *n, uint64_t offset, size_t size)
{
        if (n->kind != NODE_MEMORY)
                return n->kind == NODE_DIRECTORY ? -SOS_EISDIR : -SOS_EACCES;
        if (offset > SIZE_MAX_BYTES || size > SIZE_MAX_BYTES - offset)
                return -SOS_EFBIG;
        return size > 0 && offset >= node_size_limit(n) ? -SOS_ENOSPC : 0;
}

/* How much of it found memory. */
static size_t put_in(struct node *n, uint64_t offset, const char *from, size_t size)
{
        size_t done = 0;

        while (done < size) {
                size_t part = piece(offset + done, size - done);
                char *data = page_data(n, (offset + done) / PAGE, part == PAGE ? MAKE_WHOLE : MAKE);

                if (!data)
                        break;
                memcpy(data + (offset + done) % PAGE, from + done, part);
                done += part;
        }
        return done;
}

long node_write(struct node *n, uint64_t offset, const void *from, size_t size)
{
        long error = refusal(n, offset, size);
        uint64_t room;
        size_t done;

        if (error)
                return error;
        room = node_size_limit(n) - offset;
        done = put_in(n, offset, from, size < room ? size : room);
        n->changed = board_date_us();
        if (offset + done > n->size)
                node_resize(n, offset + done);
        if (offset == 0 && n->by_content)
                n->mode = looks_executable(n) ? 0755 : 0644;
        return done == 0 && size > 0 ? -SOS_ENOSPC : (long)done;
}

static void drop_page(frame_id *f)
{
        if (*f) {
                held -= frame_users(*f) == 1;
                frame_drop(*f);
        }
        *f = 0;
}

static void drop_chunk(frame_id *chunk)
{
        if (*chunk && frame_users(*chunk) == 1) {
                for (unsigned i = 0; i < NODE_CHUNK_PAGES; i++)
                        drop_page((frame_id *)frame_data(*chunk) + i);
        }
        drop_page(chunk);
}

bool node_drop_some(struct node *n)
{
        unsigned left = PIECE_PAGES;

        for (unsigned c = 0; c < NODE_CHUNKS; c++) {
                frame_id *chunk = &n->chunk[c], *page = *chunk ? (frame_id *)frame_data(*chunk) : NULL;

                for (unsigned i = 0; page && frame_users(*chunk) == 1 && i < NODE_CHUNK_PAGES; i++) {
                        if (page[i] && left-- == 0)
                                return false;
                        drop_page(&page[i]);
                }
                drop_page(chunk);
        }
        return true;
}

uint64_t node_next_cut(struct node *n, uint64_t size)
{
        uint64_t page = (n->size + PAGE - 1) / PAGE, first = (size + PAGE - 1) / PAGE;

        for (unsigned left = PIECE_PAGES; page > first; page--) {
                const frame_id *f = place(n, page - 1, LOOK);

                if (f && *f && left-- == 0)
                        return page * PAGE;
        }
        return size;
}

/* Pages from number `keep` on go. */
static bool cut(struct node *n, uint64_t keep)
{
        uint64_t i = keep / NODE_CHUNK_PAGES;

        if (keep % NODE_CHUNK_PAGES) {
                frame_id *first = &n->chunk[i++];

                if (!make_own(first, true))
                        return false;
                for (uint64_t page = keep % NODE_CHUNK_PAGES; *first && page < NODE_CHUNK_PAGES; page++)
                        drop_page((frame_id *)frame_data(*first) + page);
        }
        for (; i < NODE_CHUNKS; i++)
                drop_chunk(&n->chunk[i]);
        return true;
}

long node_truncate(struct node *n, uint64_t size)
{
        char *last = NULL;

        if (n->kind != NODE_MEMORY)
                return -SOS_EACCES;
        if (size > SIZE_MAX_BYTES)
                return -SOS_EFBIG;
        if (size > node_size_limit(n))
                return -SOS_ENOSPC;
        if (size < n->size && size % PAGE && page_data(n, size / PAGE, LOOK)) {
                last = page_data(n, size / PAGE, CHANGE);
                if (!last)
                        return -SOS_ENOSPC;
        }
        if (!cut(n, (size + PAGE - 1) / PAGE))
                return -SOS_ENOSPC;
        if (last)
                memset(last + size % PAGE, 0, PAGE - size % PAGE);
        node_resize(n, size);
        n->changed = board_date_us();
        return 0;
}

void node_freeze(struct node *copies)
{
        for (uint32_t i = 0; i < NODES; i++) {
                const struct node *n = node_at(i);

                copies[i] = (struct node){.kind = NODE_FREE};
                if (!n->kept)
                        continue;
                copies[i] = *n;
                for (int c = 0; n->kind == NODE_MEMORY && c < NODE_CHUNKS; c++) {
                        if (n->chunk[c])
                                frame_share(n->chunk[c]);
                }
        }
}

void node_thaw(struct node *copies)
{
        for (uint32_t i = 0; i < NODES; i++) {
                if (copies[i].kind == NODE_MEMORY)
                        cut(&copies[i], 0);
                copies[i].kind = NODE_FREE;
        }
}
