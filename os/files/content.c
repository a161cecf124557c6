/* SPDX-License-Identifier: BSD-2-Clause */
/* Content of files: bytes of the archive, or frames found through frames of frame numbers. */
#include "base/text.h"
#include "os/device/board.h"
#include "os/files/later.h"
#include "os/files/names.h"
#include "os/files/store.h"
#include "sos/proto.h"

static const uint64_t SIZE_MAX_BYTES = (uint64_t)(NODE_CHUNKS + NODE_MORE_CHUNKS) * NODE_CHUNK_PAGES * PAGE;

/* MAKE_WHOLE: all of the page is about to be written, so that nobody sees what a new one has. */
enum purpose { LOOK, CHANGE, MAKE, MAKE_WHOLE };

enum { PIECE_PAGES = 10 };

/* Make a frame that somebody else uses too our own.  Frames of frame numbers share the frames that they name. */
static bool make_own(frame_id *f, bool numbers)
{
        frame_id copy;

        if (!*f || frame_users(later_frame(*f)) == 1)
                return true;
        copy = node_take_frame(false);
        if (!copy)
                return false;
        memcpy(frame_data(copy), frame_data(*f), PAGE);
        for (unsigned i = 0; numbers && i < NODE_CHUNK_PAGES; i++) {
                frame_id entry = ((frame_id *)frame_data(copy))[i];

                frame_share(later_frame(entry));
                later_count(1, entry);
        }
        frame_drop(*f);
        *f = copy;
        return true;
}

/* Where the number of a chunk is kept; NULL in a hole or when out of memory. */
static frame_id *chunk_place(struct node *n, uint64_t chunk, enum purpose purpose)
{
        if (chunk < NODE_CHUNKS)
                return &n->chunk[chunk];
        if (!n->more && purpose >= MAKE)
                n->more = node_take_frame(true);
        if (!n->more || (purpose != LOOK && !make_own(&n->more, true)))
                return NULL;
        return (frame_id *)frame_data(n->more) + (chunk - NODE_CHUNKS);
}

/* Where the frame number of a page is kept; NULL in a hole or when out of memory. */
static frame_id *place(struct node *n, uint64_t page, enum purpose purpose)
{
        frame_id *chunk = chunk_place(n, page / NODE_CHUNK_PAGES, purpose);

        if (chunk && !*chunk && purpose >= MAKE)
                *chunk = node_take_frame(true);
        if (!chunk || !*chunk || (purpose != LOOK && !make_own(chunk, true)))
                return NULL;
        return (frame_id *)frame_data(*chunk) + page % NODE_CHUNK_PAGES;
}

/* It gets a frame, where it has none. */
static void fill_entry(frame_id *entry, enum purpose purpose)
{
        frame_id made = later_frame(*entry) ? 0 : node_take_frame(purpose == MAKE);

        if (made)
                *entry = made;
}

/* To be changed: a frame of its own, unless processes have it mapped. */
static frame_id frame_to_change(struct node *n, uint64_t page, enum purpose purpose)
{
        frame_id *f = place(n, page, purpose);

        if (!f)
                return 0;
        later_edit(n, f);
        if (purpose >= MAKE)
                fill_entry(f, purpose);
        return later_frame(*f) && (n->mapped || make_own(f, false)) ? later_frame(*f) : 0;
}

static frame_id page_frame(struct node *n, uint64_t page, enum purpose purpose)
{
        const frame_id *f;

        if (purpose == LOOK) {
                f = place(n, page, LOOK);
                return f ? later_frame(*f) : 0;
        }
        if (purpose != MAKE_WHOLE && later_is_absent(n, page)) {
                later_want(n, page);
                return 0;
        }
        return frame_to_change(n, page, purpose);
}

static char *page_data(struct node *n, uint64_t page, enum purpose purpose)
{
        frame_id f = page_frame(n, page, purpose);

        return f ? (char *)frame_data(f) : NULL;
}

frame_id node_frame(struct node *n, uint64_t page)
{
        frame_id f = page < SIZE_MAX_BYTES / PAGE && !n->mapped_for_writing ? page_frame(n, page, LOOK) : 0;

        return f || page >= SIZE_MAX_BYTES / PAGE ? f : page_frame(n, page, MAKE);
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
        long error;

        if (n->kind == NODE_DIRECTORY)
                return -SOS_EISDIR;
        if (offset >= n->size)
                return 0;
        if (size > n->size - offset)
                size = n->size - offset;
        error = n->on_disk ? later_ready(n, offset, size) : 0;
        if (error)
                return error;
        node_is_read(n);
        if (n->kind == NODE_ARCHIVE)
                memcpy(to, n->bytes + offset, size);
        else
                read_memory(n, offset, to, size);
        return (long)size;
}

static bool looks_executable(struct node *n)
{
        const char *data = page_data(n, 0, LOOK);

        return data && node_begins_program(data);
}

/* The error if nothing at all can be written there; 0 if something can. */
static long refusal(const struct node *n, uint64_t offset, size_t size)
{
        if (!node_has_content(n))
                return n->kind == NODE_DIRECTORY ? -SOS_EISDIR : -SOS_EACCES;
        if (node_read_only(n))
                return -SOS_EROFS;
        if (offset > SIZE_MAX_BYTES || size > SIZE_MAX_BYTES - offset)
                return -SOS_EFBIG;
        if (size > 0 && (n->seals & NODE_SEALS_WRITE || (offset >= n->size && n->seals & NODE_SEAL_GROW)))
                return -SOS_EPERM;
        return size > 0 && offset >= node_size_limit(n) ? -SOS_ENOSPC : 0;
}

/* Before it gets longer: behind the end, in its last page, the disk may have anything. */
static bool may_grow(struct node *n)
{
        uint64_t page = n->size / PAGE;

        return n->size % PAGE == 0 || page >= n->on_disk || page_frame(n, page, MAKE);
}

/* How much of it got memory. */
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
        if (offset > n->size && !may_grow(n))
                return -SOS_ENOSPC;
        room = (n->seals & NODE_SEAL_GROW ? n->size : node_size_limit(n)) - offset;
        done = put_in(n, offset, from, size < room ? size : room);
        n->changed = n->status = board_date_us();
        if (offset + done > n->size)
                node_resize(n, offset + done);
        if (offset == 0 && n->by_content)
                n->mode = looks_executable(n) ? 0755 : 0644;
        return done == 0 && size > 0 ? -SOS_ENOSPC : (long)done;
}

void content_drop(frame_id *entry)
{
        frame_drop(later_frame(*entry));
        later_count(-1, *entry);
        *entry = 0;
}

static frame_id *numbers(frame_id of)
{
        return (frame_id *)frame_data(of);
}

/* The pages of a chunk from `first` on go, if nobody else has them, or `left` of them; false: there are more. */
static bool drop_pages(frame_id chunk, uint64_t first, unsigned *left)
{
        for (uint64_t i = first; chunk && frame_users(chunk) == 1 && i < NODE_CHUNK_PAGES; i++) {
                if (numbers(chunk)[i] && (*left)-- == 0)
                        return false;
                content_drop(&numbers(chunk)[i]);
        }
        return true;
}

/* Of a row of chunks those from page `first` on, in the same way. */
static bool drop_chunks(frame_id *chunk, uint64_t count, uint64_t first, unsigned *left)
{
        for (uint64_t c = first / NODE_CHUNK_PAGES; c < count; c++, first = 0) {
                if (!chunk[c])
                        continue;
                if (!drop_pages(chunk[c], first % NODE_CHUNK_PAGES, left))
                        return false;
                if (first % NODE_CHUNK_PAGES == 0)
                        content_drop(&chunk[c]);
        }
        return true;
}

enum { FIRST_PAGES = NODE_CHUNKS * NODE_CHUNK_PAGES };

/* Pages from number `keep` on go, or `left` of them; false: there are more. */
static bool drop_from(struct node *n, uint64_t keep, unsigned left)
{
        uint64_t behind = keep > FIRST_PAGES ? keep - FIRST_PAGES : 0;

        if (keep < FIRST_PAGES && !drop_chunks(n->chunk, NODE_CHUNKS, keep, &left))
                return false;
        if (n->more && frame_users(n->more) == 1 &&
            !drop_chunks(numbers(n->more), NODE_MORE_CHUNKS, behind, &left))
                return false;
        if (behind == 0)
                content_drop(&n->more);
        return true;
}

bool node_drop_some(struct node *n)
{
        return drop_from(n, 0, PIECE_PAGES);
}

const frame_id *content_chunk(struct node *n, uint64_t chunk)
{
        const frame_id *place = chunk_place(n, chunk, LOOK);

        return place && *place ? numbers(*place) : NULL;
}

frame_id *content_own_chunk(struct node *n, uint64_t chunk)
{
        frame_id *place = chunk_place(n, chunk, LOOK);
        bool own = chunk < NODE_CHUNKS || frame_users(n->more) == 1;

        return place && *place && own && frame_users(*place) == 1 ? numbers(*place) : NULL;
}

frame_id *content_entry(struct node *n, uint64_t page)
{
        return place(n, page, MAKE);
}

uint64_t node_next_cut(struct node *n, uint64_t size)
{
        uint64_t page = content_pages(n->size), first = content_pages(size);
        unsigned left = PIECE_PAGES;

        while (page > first) {
                const frame_id *chunk = chunk_place(n, (page - 1) / NODE_CHUNK_PAGES, LOOK);

                if (!chunk || !*chunk) {
                        page = (page - 1) / NODE_CHUNK_PAGES * NODE_CHUNK_PAGES;
                        continue;
                }
                if (numbers(*chunk)[(page - 1) % NODE_CHUNK_PAGES] && left-- == 0)
                        return page * PAGE;
                page--;
        }
        return size;
}

/* Pages from number `keep` on go. */
static bool cut(struct node *n, uint64_t keep)
{
        const frame_id *chunk = chunk_place(n, keep / NODE_CHUNK_PAGES, LOOK);

        if (chunk && *chunk && keep % NODE_CHUNK_PAGES && !place(n, keep, CHANGE))
                return false;
        if (keep > FIRST_PAGES && n->more && !make_own(&n->more, true))
                return false;
        return drop_from(n, keep, UINT32_MAX);
}

static long may_truncate(const struct node *n, uint64_t size)
{
        if (n->kind != NODE_MEMORY)
                return -SOS_EACCES;
        if (node_read_only(n))
                return -SOS_EROFS;
        if (!node_may_have_size(n, size))
                return -SOS_EPERM;
        if (size > SIZE_MAX_BYTES)
                return -SOS_EFBIG;
        return size > node_size_limit(n) ? -SOS_ENOSPC : 0;
}

long node_truncate(struct node *n, uint64_t size)
{
        long error = may_truncate(n, size);
        char *last = NULL;

        if (error)
                return error;
        if (size < n->size && size % PAGE && page_data(n, size / PAGE, LOOK)) {
                last = page_data(n, size / PAGE, CHANGE);
                if (!last)
                        return -SOS_ENOSPC;
        }
        if ((size > n->size && !may_grow(n)) || !cut(n, content_pages(size)))
                return -SOS_ENOSPC;
        later_cut(n, content_pages(size));
        if (last)
                memset(last + size % PAGE, 0, PAGE - size % PAGE);
        node_resize(n, size);
        n->changed = n->status = board_date_us();
        return 0;
}

long node_clear(struct node *n, uint64_t offset, size_t size)
{
        uint64_t page = offset / PAGE;
        bool whole = size == PAGE || (offset % PAGE == 0 && offset + size == n->size);
        bool of_disk = page < n->on_disk;
        frame_id *entry;
        char *data;

        if (n->seals & NODE_SEALS_WRITE)
                return -SOS_EPERM;
        if (!page_data(n, page, LOOK) && !later_is_absent(n, page))
                return 0;
        n->changed = n->status = board_date_us();
        entry = whole && !n->mapped ? place(n, page, of_disk ? MAKE : CHANGE) : NULL;
        if (entry) {
                content_drop(entry);
                n->edited = true;
                *entry = of_disk ? LATER_HOLE : 0;
                return 0;
        }
        data = page_data(n, page, CHANGE);
        if (!data)
                return -SOS_ENOSPC;
        memset(data + offset % PAGE, 0, size);
        return 0;
}

void content_drop_all(struct node *n)
{
        drop_from(n, 0, UINT32_MAX);
}
