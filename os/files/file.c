/* SPDX-License-Identifier: BSD-2-Clause */
/* See file.h. */
#include "os/files/file.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/core/trace.h"
#include "os/files/event.h"
#include "os/files/lock.h"
#include "os/files/store.h"
#include "os/net/socket.h"
#include "os/server/report.h"
#include "sos/clock.h"

static struct file files[FILES];
static unsigned first_free; /* none before it is */
static struct pipe pipes[PIPES];

struct file *file_new(enum file_kind kind, uint32_t flags)
{
        for (; first_free < FILES; first_free++) {
                struct file *f = &files[first_free];

                if (f->kind != FILE_FREE)
                        continue;
                *f = (struct file){.kind = (uint8_t)kind, .users = 1, .flags = flags};
                return f;
        }
        return NULL;
}

struct file *file_open(struct node *n, uint32_t flags)
{
        static const uint8_t kinds[] = {
                [NODE_DIRECTORY] = FILE_NODE, [NODE_ARCHIVE] = FILE_NODE, [NODE_MEMORY] = FILE_NODE,
                [NODE_REPORT] = FILE_REPORT,  [NODE_NULL] = FILE_NULL,    [NODE_CONSOLE] = FILE_CONSOLE,
                [NODE_ZERO] = FILE_ZERO,      [NODE_FULL] = FILE_FULL,    [NODE_RANDOM] = FILE_RANDOM,
        };
        struct file *f = file_new((enum file_kind)kinds[n->kind], flags);

        if (f) {
                f->node = n;
                node_open(n);
        }
        return f;
}

bool file_claim(struct file *f)
{
        if (f->kind != FILE_CONSOLE || (f->flags & O_ACCESS) == O_WRONLY)
                return true;
        for (unsigned i = 0; i < FILES; i++) {
                if (files[i].kind == FILE_CONSOLE && files[i].reader)
                        return false;
        }
        f->reader = true;
        return true;
}

static void release(struct file *f)
{
        f->kind = FILE_FREE;
        if (f < &files[first_free])
                first_free = (unsigned)(f - files);
}

bool file_pipe(struct file *end[2])
{
        struct pipe *p = NULL;

        for (unsigned i = 0; i < PIPES && !p; i++)
                p = pipes[i].data[0] ? NULL : &pipes[i];
        if (!p)
                return false;
        *p = (struct pipe){.data = {frame_take()}, .readers = 1, .writers = 1};
        end[0] = p->data[0] ? file_new(FILE_PIPE_READ, 0) : NULL;
        end[1] = end[0] ? file_new(FILE_PIPE_WRITE, O_WRONLY) : NULL;
        if (end[1]) {
                end[0]->pipe = end[1]->pipe = p;
                return true;
        }
        if (end[0])
                release(end[0]);
        frame_drop(p->data[0]);
        p->data[0] = 0;
        return false;
}

struct file *file_entry(unsigned i)
{
        return &files[i];
}

void file_share(struct file *f)
{
        f->users++;
}

static void close_pipe(struct pipe *p)
{
        wait_wake(&p->filled);
        wait_wake(&p->drained);
        if (p->readers || p->writers)
                return;
        for (unsigned i = 0; i < PIPE_PAGES; i++) {
                frame_drop(p->data[i]);
                p->data[i] = 0;
        }
}

void file_close(struct file *f)
{
        if (--f->users > 0)
                return;
        if (f->node) {
                lock_forget(f->node, f);
                if (f->flags & O_ACCESS)
                        store_changed(f->node);
                node_close(f->node);
        }
        if (f->socket)
                socket_close(f->socket, f->socket->reset_at_end);
        if (f->pipe) {
                if (f->kind == FILE_PIPE_READ)
                        f->pipe->readers--;
                else
                        f->pipe->writers--;
                close_pipe(f->pipe);
        }
        if (f->watches)
                event_forget(f);
        if (f->event)
                event_close(f->event, f->kind == FILE_SET);
        release(f);
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

static long read_pipe(struct pipe *p, char *to, size_t size)
{
        size_t n = 0;

        if (p->head == p->tail)
                return p->writers ? FILE_BLOCKS : 0;
        while (n < size && p->head != p->tail) {
                size_t there = p->tail - p->head < size - n ? p->tail - p->head : size - n,
                       part = together(p->head, there);

                memcpy(to + n, pipe_data(p, p->head), part);
                p->head += (uint32_t)part;
                n += part;
        }
        if (p->head == p->tail)
                p->head = p->tail = 0; /* what was used is used again */
        wait_wake(&p->drained);
        return (long)n;
}

/* Is there a frame for what comes next?  Without memory the pipe is as small as it is. */
static bool has_page(struct pipe *p)
{
        frame_id *f = &p->data[p->tail / PAGE % PIPE_PAGES];

        *f = *f ? *f : frame_take();
        return *f;
}

static size_t pipe_room(const struct pipe *p)
{
        return PIPE_SIZE - (p->tail - p->head);
}

bool file_fits(const struct file *f, size_t size)
{
        return f->kind != FILE_PIPE_WRITE || !f->pipe->readers || pipe_room(f->pipe) >= size;
}

static long write_pipe(struct pipe *p, const char *from, size_t size)
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

/* The text is made at the beginning of the file, and anew when somebody else has read one meanwhile: what is read in pieces fits
 * together, though things change. */
static long read_report(struct file *f, char *to, size_t size)
{
        static char text[16384];
        static const struct file *of;
        static size_t length;

        if (f->offset == 0 || of != f)
                length = report_make((enum sos_report)f->node->report, text, sizeof(text));
        of = f;
        if (f->offset >= length)
                return 0;
        if (size > length - f->offset)
                size = length - f->offset;
        memcpy(to, text + f->offset, size);
        return (long)size;
}

/* Good enough to vary hash tables; there is no source of entropy here. */
void file_random(void *to, size_t size)
{
        static uint64_t state;
        unsigned char *bytes = to;

        for (size_t i = 0; i < size; i++) {
                state = (state ^ clock_ticks()) * 6364136223846793005ull + 1442695040888963407ull;
                bytes[i] = (unsigned char)(state >> 56);
        }
}

long file_read(struct file *f, void *to, size_t size)
{
        long result;

        if ((f->flags & O_ACCESS) == O_WRONLY)
                return -SOS_EBADF;
        switch (f->kind) {
        case FILE_NODE:
                result = node_read(f->node, f->offset, to, size);
                break;
        case FILE_REPORT:
                result = f->node->report == REPORT_TRACE_MEMORY ? (long)trace_read(f->offset, to, size)
                                                                : read_report(f, to, size);
                break;
        case FILE_CONSOLE:
                result = console_take(to, size);
                return result == CONSOLE_EMPTY ? FILE_BLOCKS : result;
        case FILE_PIPE_READ:
                return read_pipe(f->pipe, to, size);
        case FILE_ZERO:
        case FILE_FULL:
                memset(to, 0, size);
                return (long)size;
        case FILE_RANDOM:
                file_random(to, size);
                return (long)size;
        default:
                return 0;
        }
        if (result > 0)
                f->offset += (uint64_t)result;
        return result;
}

long file_write(struct file *f, const void *from, size_t size)
{
        long result;

        if ((f->flags & O_ACCESS) == 0)
                return -SOS_EBADF;
        switch (f->kind) {
        case FILE_NODE:
                if (f->flags & O_APPEND)
                        f->offset = f->node->size;
                result = node_write(f->node, f->offset, from, size);
                if (result > 0)
                        f->offset += (uint64_t)result;
                return result;
        case FILE_REPORT:
                return report_write((enum sos_report)f->node->report, from, size) ? (long)size : -SOS_EINVAL;
        case FILE_CONSOLE:
                console_write(from, size);
                return (long)size;
        case FILE_PIPE_WRITE:
                return write_pipe(f->pipe, from, size);
        case FILE_FULL:
                return -SOS_ENOSPC;
        default:
                return (long)size;
        }
}

long file_seek(struct file *f, long offset, unsigned whence)
{
        long from = whence == 1 ? (long)f->offset : whence == 2 && f->node ? (long)f->node->size : 0;

        if (f->kind != FILE_NODE && f->kind != FILE_REPORT)
                return -SOS_ESPIPE;
        if (whence > 2 || offset < -from || offset > INT64_MAX - from)
                return -SOS_EINVAL;
        f->offset = (uint64_t)(from + offset);
        return from + offset;
}

bool file_ready(struct file *f, bool write)
{
        if (f->kind == FILE_CONSOLE)
                return write || console_ready();
        if (f->socket)
                return write ? socket_writable(f->socket) : socket_readable(f->socket);
        if (f->kind == FILE_PIPE_READ)
                return f->pipe->head != f->pipe->tail;
        if (f->kind == FILE_PIPE_WRITE)
                return pipe_room(f->pipe) >= PIPE_ATOMIC;
        return true;
}

struct wait_queue *file_queue(struct file *f, bool write)
{
        switch (f->kind) {
        case FILE_CONSOLE:
                return write ? NULL : console_input();
        case FILE_PIPE_READ:
                return &f->pipe->filled;
        case FILE_PIPE_WRITE:
                return &f->pipe->drained;
        case FILE_COUNTER:
        case FILE_TIMER:
        case FILE_SET:
                return write ? &f->event->drained : &f->event->changed;
        case FILE_SOCKET:
                return &f->socket->changed;
        default:
                return NULL;
        }
}

bool file_alone(const struct file *f)
{
        return (f->kind == FILE_PIPE_READ && !f->pipe->writers) ||
               (f->kind == FILE_PIPE_WRITE && !f->pipe->readers) || (f->socket && socket_over(f->socket));
}

void file_changed(void)
{
        for (unsigned i = 0; i < FILES; i++) {
                if (files[i].kind == FILE_NODE && files[i].flags & O_ACCESS)
                        store_changed(files[i].node);
        }
}
