/* SPDX-License-Identifier: BSD-2-Clause */
/* See file.h. */
#include "os/files/file.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/files/dnotify.h"
#include "os/files/event.h"
#include "os/files/lease.h"
#include "os/files/lock.h"
#include "os/files/notice.h"
#include "os/files/pty.h"
#include "os/files/store.h"
#include "os/files/told.h"
#include "os/files/volume.h"
#include "os/net/socket.h"
#include "os/server/proc.h"
#include "sos/proto.h"

static struct file files[FILES];
static unsigned first_free; /* none before it is */

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

static void release(struct file *f)
{
        f->kind = FILE_FREE;
        if (f < &files[first_free])
                first_free = (unsigned)(f - files);
}

static struct file *new_end(uint32_t flags)
{
        static const uint8_t kinds[] = {FILE_PIPE_READ, FILE_PIPE_WRITE, FILE_PIPE_BOTH, FILE_PIPE_BOTH};

        return file_new((enum file_kind)kinds[flags & O_ACCESS], flags);
}

struct file *file_reopen(const struct file *f, uint32_t flags)
{
        struct file *end = new_end(flags);

        if (!end)
                return NULL;
        end->pipe = f->pipe;
        pipe_open(end->pipe, file_reads_pipe(end), file_writes_pipe(end));
        return end;
}

static struct file *open_fifo(struct node *n, uint32_t flags)
{
        struct file *f = new_end(flags);

        if (f && !n->fifo)
                n->fifo = pipe_make();
        if (!f || !n->fifo) {
                if (f)
                        release(f);
                return NULL;
        }
        f->pipe = n->fifo;
        f->offset = f->kind == FILE_PIPE_READ ? n->fifo->came_write : n->fifo->came_read;
        pipe_open(n->fifo, file_reads_pipe(f), file_writes_pipe(f));
        wait_wake(&n->moved);
        return f;
}

bool file_alone_yet(const struct file *f)
{
        if (f->kind == FILE_PIPE_READ)
                return !f->pipe->writers && f->pipe->came_write == f->offset;
        return f->kind == FILE_PIPE_WRITE && !f->pipe->readers && f->pipe->came_read == f->offset;
}

/* A side of a pseudo terminal; false: it cannot be opened. */
static bool open_pty(struct file *f, struct node *n)
{
        if (f->kind == FILE_MASTER)
                f->pty = pty_make();
        return f->kind == FILE_MASTER ? f->pty != NULL : f->kind != FILE_SLAVE || !pty_open_slave(n, &f->pty);
}

struct file *file_open(struct node *n, uint32_t flags)
{
        static const uint8_t kinds[] = {
                [NODE_DIRECTORY] = FILE_NODE, [NODE_ARCHIVE] = FILE_NODE, [NODE_MEMORY] = FILE_NODE,
                [NODE_REPORT] = FILE_REPORT,  [NODE_NULL] = FILE_NULL,    [NODE_CONSOLE] = FILE_CONSOLE,
                [NODE_LINK] = FILE_NODE,      [NODE_ZERO] = FILE_ZERO,    [NODE_FULL] = FILE_FULL,
                [NODE_RANDOM] = FILE_RANDOM,  [NODE_SPARE] = FILE_SPARE,  [NODE_PTMX] = FILE_MASTER,
                [NODE_TERMINAL] = FILE_SLAVE,
        };
        struct file *f = flags & O_PATH         ? file_new(FILE_NODE, flags)
                         : n->kind == NODE_FIFO ? open_fifo(n, flags)
                                                : file_new((enum file_kind)kinds[n->kind], flags);

        if (f && !open_pty(f, n)) {
                release(f);
                return NULL;
        }
        if (f) {
                f->node = n;
                node_open(n);
                n->writers += file_writes(f);
                if (!file_is_place(f))
                        notice(n, NOTICE_OPENED);
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

bool file_pipe(struct file *end[2])
{
        struct pipe *p = pipe_make();

        end[0] = p ? file_new(FILE_PIPE_READ, 0) : NULL;
        end[1] = end[0] ? file_new(FILE_PIPE_WRITE, O_WRONLY) : NULL;
        if (end[1]) {
                end[0]->pipe = end[1]->pipe = p;
                pipe_open(p, true, true);
                return true;
        }
        if (end[0])
                release(end[0]);
        if (p)
                pipe_close(p, false, false);
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

static void close_pipe(const struct file *f)
{
        bool open = pipe_close(f->pipe, file_reads_pipe(f), file_writes_pipe(f));

        if (f->node && !open)
                f->node->fifo = NULL;
}

static void close_special(struct file *f)
{
        if (f->kind == FILE_VOLUME)
                volume_closed();
        if (f->event)
                event_close(f);
}

/* Its node is not open through it any more. */
static void leave_node(struct file *f)
{
        if (f->node->leases)
                lease_forget(f);
        if (f->node->kind == NODE_DIRECTORY)
                dnotify_forget_all(f);
        lock_forget(f->node, f);
        f->node->writers -= file_writes(f);
        if (f->flags & O_ACCESS)
                store_changed(f->node);
        if (!file_is_place(f))
                notice(f->node, f->flags & O_ACCESS ? NOTICE_CLOSED_WRITTEN : NOTICE_CLOSED);
        node_close(f->node);
}

void file_close(struct file *f)
{
        if (--f->users > 0) {
                if (f->socket)
                        socket_shared_less(f->socket); /* which may close it */
                return;
        }
        file_told_forget(f);
        if (f->pipe)
                close_pipe(f);
        if (f->node)
                leave_node(f);
        if (f->pty)
                pty_close(f->pty, f->kind == FILE_MASTER);
        if (f->socket)
                socket_close(f->socket, f->socket->reset_at_end);
        if (f->watches)
                event_forget(f);
        close_special(f);
        release(f);
}

bool file_fits(const struct file *f, size_t size)
{
        return !file_writes_pipe(f) || !f->pipe->readers || pipe_room(f->pipe) >= size;
}

static long read_on(struct file *f, void *to, size_t size)
{
        long result;

        if (f->kind == FILE_NODE)
                result = node_read(f->node, f->offset, to, size);
        else
                result = file_read_report(f, to, size);
        if (result > 0) {
                f->offset += (uint64_t)result;
                notice(f->node, NOTICE_READ);
        }
        return result;
}

static long read_console(void *to, size_t size)
{
        long result = console_take(to, size);

        return result == CONSOLE_EMPTY ? FILE_BLOCKS : result;
}

long file_read(struct file *f, void *to, size_t size)
{
        if ((f->flags & O_ACCESS) == O_WRONLY || file_is_place(f))
                return -SOS_EBADF;
        if (f->pty)
                return pty_read(f->pty, f->kind == FILE_MASTER, to, size);
        switch (f->kind) {
        case FILE_NODE:
        case FILE_REPORT:
                return read_on(f, to, size);
        case FILE_CONSOLE:
                return read_console(to, size);
        case FILE_PIPE_READ:
        case FILE_PIPE_BOTH:
                return pipe_read(f->pipe, to, size);
        default:
                return file_read_special(f, to, size);
        }
}

static long write_on(struct file *f, const void *from, size_t size)
{
        long result;

        if (f->flags & O_APPEND)
                f->offset = f->node->size;
        result = node_write(f->node, f->offset, from, size);
        if (result > 0) {
                f->offset += (uint64_t)result;
                notice(f->node, NOTICE_WRITTEN);
        }
        return result;
}

long file_write(struct file *f, const void *from, size_t size)
{
        if ((f->flags & O_ACCESS) == 0 || file_is_place(f))
                return -SOS_EBADF;
        if (f->pty)
                return pty_write(f->pty, f->kind == FILE_MASTER, from, size);
        switch (f->kind) {
        case FILE_NODE:
                return write_on(f, from, size);
        case FILE_REPORT:
                return proc_write(f->node, from, size);
        case FILE_PIPE_WRITE:
        case FILE_PIPE_BOTH:
                return pipe_write(f->pipe, from, size);
        default:
                return file_write_special(f, from, size);
        }
}

bool file_ready(struct file *f, bool write)
{
        if (f->kind == FILE_CONSOLE)
                return write ? console_has_room() : console_ready();
        if (f->pty)
                return pty_ready(f->pty, f->kind == FILE_MASTER, write);
        if (f->socket)
                return socket_signs(f->socket, write ? SOCKET_WRITABLE : SOCKET_READABLE) &
                       (write ? SOCKET_WRITABLE : SOCKET_READABLE);
        if (f->pipe)
                return write ? file_writes_pipe(f) && pipe_room(f->pipe) >= PIPE_ATOMIC &&
                                       f->pipe->packets < f->pipe->pages
                             : file_reads_pipe(f) && f->pipe->head != f->pipe->tail;
        return true;
}

static struct wait_queue *pipe_side(const struct file *f, bool write)
{
        bool writes = f->kind == FILE_PIPE_BOTH ? write : f->kind == FILE_PIPE_WRITE;

        return writes ? &f->pipe->drained : &f->pipe->filled;
}

struct wait_queue *file_queue(struct file *f, bool write)
{
        if (f->event)
                return event_queue(f, write);
        if (f->pty)
                return pty_queue(f->pty, f->kind == FILE_MASTER, write);
        if (f->pipe)
                return pipe_side(f, write);
        switch (f->kind) {
        case FILE_CONSOLE:
                return console_queue(write);
        case FILE_VOLUME:
                return volume_queue();
        case FILE_SOCKET:
                return &f->socket->changed;
        default:
                return NULL;
        }
}

uint64_t file_events(struct file *f, bool write)
{
        const struct wait_queue *q = file_queue(f, write);

        if (f->socket)
                socket_watched(f->socket);
        return q ? q->events : 0;
}

bool file_alone(const struct file *f)
{
        return (f->kind == FILE_PIPE_READ && !f->pipe->writers) ||
               (f->kind == FILE_PIPE_WRITE && !f->pipe->readers) || (f->socket && socket_over(f->socket)) ||
               (f->pty && pty_alone(f->pty, f->kind == FILE_MASTER));
}

void file_changed(const struct node *n)
{
        for (unsigned i = 0; i < FILES; i++) {
                const struct file *f = &files[i];

                if (f->kind == FILE_NODE && f->flags & O_ACCESS && (!n || f->node == n))
                        store_changed(f->node);
        }
        for (uint32_t i = 0; i < NODES; i++) {
                if (node_at(i)->mapped && (!n || node_at(i) == n))
                        store_changed(node_at(i));
        }
}
