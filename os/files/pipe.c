/* SPDX-License-Identifier: BSD-2-Clause */
/* See pipe.h. */
#include "os/files/pipe.h"
#include "base/text.h"
#include "sos/proto.h"

static struct pipe pipes[PIPES];
static unsigned grown; /* pages that larger pipes have room for besides the usual ones */

/* Where the number of each page's frame is. */
static frame_id *frames_of(struct pipe *p)
{
        return p->more ? (frame_id *)(void *)frame_data(p->more) : p->data;
}

static frame_id *frame_at(const struct pipe *p, uint32_t at)
{
        const frame_id *frames = p->more ? (const frame_id *)(void *)frame_data(p->more) : p->data;

        return (frame_id *)&frames[at / PAGE % p->pages];
}

static unsigned extra(unsigned pages)
{
        return pages > PIPE_PAGES ? pages - PIPE_PAGES : 0;
}

struct pipe *pipe_make(void)
{
        for (unsigned i = 0; i < PIPES; i++) {
                if (pipes[i].pages)
                        continue;
                pipes[i] = (struct pipe){.pages = PIPE_PAGES, .data = {frame_take()}};
                if (!pipes[i].data[0])
                        pipes[i].pages = 0;
                return pipes[i].pages ? &pipes[i] : NULL;
        }
        return NULL;
}

void pipe_open(struct pipe *p, bool read, bool write)
{
        p->readers += read;
        p->writers += write;
        p->came_read += read;
        p->came_write += write;
}

bool pipe_close(struct pipe *p, bool read, bool write)
{
        p->readers -= read;
        p->writers -= write;
        wait_wake(&p->filled);
        wait_wake(&p->drained);
        if (p->readers || p->writers)
                return true;
        for (unsigned i = 0; i < p->pages; i++)
                frame_drop(frames_of(p)[i]);
        frame_drop(p->more);
        frame_drop(p->borders);
        grown -= extra(p->pages);
        p->pages = 0;
        return false;
}

/* Bytes from position `at` on that lie together. */
static size_t together(uint32_t at, size_t size)
{
        size_t room = PAGE - at % PAGE;

        return size < room ? size : room;
}

static char *pipe_data(const struct pipe *p, uint32_t at)
{
        return (char *)frame_data(*frame_at(p, at)) + at % PAGE;
}

long pipe_peek(const struct pipe *p, size_t ahead, char *to, size_t size)
{
        size_t n = 0, there = p->tail - p->head;

        if (there <= ahead)
                return p->writers && ahead == 0 ? FILE_BLOCKS : 0;
        there = there - ahead < size ? there - ahead : size;
        while (n < there) {
                uint32_t at = p->head + (uint32_t)(ahead + n);
                size_t part = together(at, there - n);

                memcpy(to + n, pipe_data(p, at), part);
                n += part;
        }
        return (long)n;
}

static struct pipe_packet *packet_at(const struct pipe *p, unsigned i)
{
        enum { PACKETS = PAGE / sizeof(struct pipe_packet) };
        _Static_assert((int)PACKETS >= (int)PIPE_PAGES_MOST, "a packet takes the room of a page");

        return (struct pipe_packet *)(void *)frame_look(p->borders) + (p->first_packet + i) % PACKETS;
}

size_t pipe_packet(const struct pipe *p)
{
        const struct pipe_packet *first = p->packets ? packet_at(p, 0) : NULL;

        return first && (int32_t)(p->head - first->start) >= 0 ? first->end - p->head : 0;
}

void pipe_drop(struct pipe *p, size_t size)
{
        p->head += (uint32_t)size;
        while (p->packets && (int32_t)(p->head - packet_at(p, 0)->end) >= 0) {
                p->first_packet++;
                p->packets--;
        }
        if (p->head == p->tail)
                p->head = p->tail = 0; /* used frames are reused */
        wait_wake(&p->drained);
}

long pipe_read(struct pipe *p, char *to, size_t size)
{
        size_t plain = p->packets && !pipe_packet(p) ? packet_at(p, 0)->start - p->head : size;
        long n = pipe_peek(p, 0, to, plain < size ? plain : size);

        if (n > 0 || (n == 0 && p->head != p->tail))
                pipe_drop(p, (size_t)n);
        return n;
}

/* Is there a frame for the next bytes?  Without memory the pipe stays as small as it is. */
static bool has_page(struct pipe *p)
{
        frame_id *f = frame_at(p, p->tail);

        *f = *f ? *f : frame_take();
        return *f;
}

long pipe_write(struct pipe *p, const char *from, size_t size)
{
        size_t n = 0;

        if (!p->readers)
                return -SOS_EPIPE;
        if (pipe_room(p) == 0 || p->packets >= p->pages)
                return FILE_BLOCKS;
        while (n < size && pipe_room(p) > 0 && has_page(p)) {
                size_t there = pipe_room(p) < size - n ? pipe_room(p) : size - n,
                       part = together(p->tail, there);

                memcpy(pipe_data(p, p->tail), from + n, part);
                p->tail += (uint32_t)part;
                n += part;
        }
        if (n == 0 && size > 0)
                return p->head == p->tail ? -SOS_ENOMEM : FILE_BLOCKS;
        wait_wake(&p->filled);
        return (long)n;
}

long pipe_write_packet(struct pipe *p, const char *from, size_t size)
{
        uint32_t start = p->tail;
        long n;

        if (!p->readers)
                return -SOS_EPIPE;
        if (pipe_room(p) < size)
                return FILE_BLOCKS;
        if (!p->borders && !(p->borders = frame_take()))
                return -SOS_ENOMEM;
        n = pipe_write(p, from, size);
        if (n < (long)size) {
                p->tail = start;
                return n < 0 ? n : -SOS_ENOMEM;
        }
        *packet_at(p, p->packets++) = (struct pipe_packet){start, p->tail};
        return n;
}

/* --- another size --- */

/* A page of the content gets its frame in the new ring.  The first and the last one may have had one in common before, and need two now;
 * or the other way round. */
static void move_page(const struct pipe *p, uint32_t page, frame_id *to, unsigned pages)
{
        frame_id *old = frame_at(p, page * (uint32_t)PAGE), *new = &to[page % pages];

        if (*new &&*old)
                memcpy(frame_data(*new), frame_data(*old), p->tail % PAGE);
        if (*new)
                return;
        *new = *old;
        *old = 0;
}

/* Does the first page share its frame with the last one, and will not? */
static bool is_split(const struct pipe *p, uint32_t first, uint32_t last, unsigned pages)
{
        return last - first == p->pages && pages > p->pages;
}

/* False: there is no memory; nothing was changed. */
static bool move_all(struct pipe *p, frame_id *to, unsigned pages)
{
        uint32_t first = p->head / PAGE, last = first + (p->head % PAGE + (p->tail - p->head) - 1) / PAGE;

        if (p->head == p->tail)
                return true;
        if (is_split(p, first, last, pages)) {
                frame_id copy = frame_take();

                if (!copy)
                        return false;
                memcpy(frame_data(copy), pipe_data(p, p->head - p->head % (uint32_t)PAGE), PAGE);
                to[last-- % pages] = copy;
        }
        for (uint32_t page = first; page != last + 1; page++)
                move_page(p, page, to, pages);
        return true;
}

static unsigned pages_for(uint32_t size)
{
        unsigned pages = 1;

        while (pages * PAGE < size)
                pages *= 2;
        return pages;
}

/* The new ring takes the place of the old one, whose other frames go. */
static void replace(struct pipe *p, const frame_id *ring, frame_id more, unsigned pages)
{
        for (unsigned i = 0; i < p->pages; i++)
                frame_drop(frames_of(p)[i]);
        frame_drop(p->more);
        grown += extra(pages) - extra(p->pages);
        p->pages = (uint16_t)pages;
        p->more = more;
        memcpy(frames_of(p), ring, pages * sizeof(*ring));
        wait_wake(&p->drained);
}

long pipe_resize(struct pipe *p, uint32_t size)
{
        unsigned pages = size > PIPE_PAGES_MOST * PAGE ? 0 : pages_for(size);
        frame_id ring[PIPE_PAGES_MOST] = {0}, more = 0;

        if (!pages || grown + extra(pages) - extra(p->pages) > PIPE_PAGES_GROWN)
                return -SOS_EPERM;
        if (p->tail - p->head > pages * PAGE)
                return -SOS_EBUSY;
        if (pages > PIPE_PAGES && !(more = frame_take_zero()))
                return -SOS_ENOMEM;
        if (pages != p->pages && !move_all(p, ring, pages)) {
                frame_drop(more);
                return -SOS_ENOMEM;
        }
        if (pages != p->pages)
                replace(p, ring, more, pages);
        else
                frame_drop(more);
        return (long)(pages * PAGE);
}
