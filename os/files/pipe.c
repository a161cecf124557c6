/* SPDX-License-Identifier: BSD-2-Clause */
/* See pipe.h. */
#include "os/files/pipe.h"
#include "base/text.h"
#include "sos/proto.h"

static struct pipe pipes[PIPES];

struct pipe *pipe_make(void)
{
        for (unsigned i = 0; i < PIPES; i++) {
                if (pipes[i].data[0])
                        continue;
                pipes[i] = (struct pipe){.data = {frame_take()}};
                return pipes[i].data[0] ? &pipes[i] : NULL;
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
        for (unsigned i = 0; i < PIPE_PAGES; i++) {
                frame_drop(p->data[i]);
                p->data[i] = 0;
        }
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
        return (char *)frame_data(p->data[at / PAGE % PIPE_PAGES]) + at % PAGE;
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

void pipe_drop(struct pipe *p, size_t size)
{
        p->head += (uint32_t)size;
        if (p->head == p->tail)
                p->head = p->tail = 0; /* used frames are reused */
        wait_wake(&p->drained);
}

long pipe_read(struct pipe *p, char *to, size_t size)
{
        long n = pipe_peek(p, 0, to, size);

        if (n > 0 || (n == 0 && p->head != p->tail))
                pipe_drop(p, (size_t)n);
        return n;
}

/* Is there a frame for the next bytes?  Without memory the pipe stays as small as it is. */
static bool has_page(struct pipe *p)
{
        frame_id *f = &p->data[p->tail / PAGE % PIPE_PAGES];

        *f = *f ? *f : frame_take();
        return *f;
}

long pipe_write(struct pipe *p, const char *from, size_t size)
{
        size_t n = 0;

        if (!p->readers)
                return -SOS_EPIPE;
        if (pipe_room(p) == 0)
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
