/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving bytes from one open file to another without passing through the program's memory: sendfile, splice, tee, copy_file_range.
 *
 * They go through one page of the server, in pieces; p->call.progress counts them.  Room at the destination is checked before bytes are
 * taken out of a pipe or socket, so that nothing is lost; a call that has moved something ends rather than waits.  Where a file stands
 * follows what is done, or, with an offset in memory, that does.
 */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/sockets/message.h"
#include "os/process/signals/signal.h"

/* One side: an open file, and the address of the offset to be used instead of its own (0: its own). */
struct side {
        struct file *f;
        seL4_Word offset_va;
        uint64_t at;
};

struct flow {
        struct side in, out;
        seL4_Word count;
        bool at_once; /* pipes do not wait */
        bool keep;    /* what is read stays in its pipe */
};

static char page[PAGE];

static bool has_place(const struct file *f)
{
        return f->kind == FILE_NODE;
}

/* Where a side begins; it is kept in the call when the file's own place moves on. */
static long read_place(struct process *p, struct side *s)
{
        int64_t at;

        if (!s->offset_va) {
                s->at = s->f->offset;
                return 0;
        }
        if (!space_read(p->space, s->offset_va, &at, sizeof(at)))
                return -SOS_EFAULT;
        if (!has_place(s->f))
                return s->f->kind == FILE_NULL ? 0 : -SOS_ESPIPE;
        s->at = (uint64_t)at;
        return at < 0 ? -SOS_EINVAL : 0;
}

/* Record that so many more bytes were moved there. */
static bool move_on(struct process *p, struct side *s, seL4_Word bytes)
{
        s->at += bytes;
        if (s->offset_va)
                return space_write(p->space, s->offset_va, &s->at, sizeof(s->at));
        if (has_place(s->f))
                s->f->offset = s->at;
        return true;
}

/* End the call with what it has moved, or else with that result. */
static bool ends(struct process *p, long *result, long otherwise)
{
        *result = p->call.progress ? (long)p->call.progress : otherwise;
        return false;
}

/* Nothing can be moved before something happens there. */
static bool blocks(struct process *p, const struct flow *w, struct file *f, bool write, long *result)
{
        if (p->call.progress || w->at_once || f->flags & O_NONBLOCK)
                return ends(p, result, -SOS_EAGAIN);
        *result = call_waits(p, file_queue(f, write));
        return false;
}

/* How much of `part` the destination can take at once; -1: nobody reads there. */
static long room_for(const struct file *f, seL4_Word part)
{
        size_t room = f->pipe                   ? pipe_room(f->pipe)
                      : f->kind != FILE_CONSOLE ? part
                      : console_has_room()      ? CONSOLE_STEP
                                                : 0;

        if (f->pipe && !f->pipe->readers)
                return -SOS_EPIPE;
        return (long)(room < part ? room : part);
}

static long receive(struct process *p, struct file *f, seL4_Word part)
{
        struct message m = {.s = f->socket, .f = f, .own = page, .bytes = part};
        struct socket_name from;
        uint32_t told;

        return message_receive(p, &m, &from, &told);
}

/* Up to `part` bytes into the page: their number, 0 at the end, FILE_BLOCKS, or what the call says. */
static long take(struct process *p, const struct flow *w, seL4_Word part)
{
        struct file *f = w->in.f;
        uint64_t own = f->offset;
        long n;

        if (f->pipe)
                return pipe_peek(f->pipe, w->keep ? p->call.progress : 0, page, part);
        if (f->socket)
                return p->call.progress ? 0 : receive(p, f, part);
        f->offset = w->in.at;
        n = file_read(f, page, part);
        f->offset = own;
        return n == FILE_GOES_ON ? call_pauses(p) : n;
}

/* Bytes of the page that were put; one that appends puts them where it ends. */
static long put(struct side *s, seL4_Word bytes)
{
        struct file *f = s->f;
        uint64_t own = f->offset;
        long n;

        f->offset = s->at;
        n = file_write(f, page, bytes);
        if (n > 0)
                s->at = f->offset - (has_place(f) ? (uint64_t)n : 0);
        f->offset = own;
        return n;
}

static bool moved(struct process *p, struct flow *w, seL4_Word bytes)
{
        if (w->in.f->pipe && !w->keep)
                pipe_drop(w->in.f->pipe, bytes);
        return move_on(p, &w->in, bytes) && move_on(p, &w->out, bytes);
}

/* A socket counts the progress itself, and waits by itself. */
static bool send(struct process *p, struct flow *w, seL4_Word bytes, long *result)
{
        seL4_Word before = p->call.progress, from = w->out.f->socket->kind == SOCKET_STREAMING ? before : 0;
        struct message m = {
                .s = w->out.f->socket, .f = w->out.f, .own = page, .own_from = from, .bytes = from + bytes};

        *result = message_send(p, &m); /* each page is a message, if there are any */
        if (w->out.f->socket->kind != SOCKET_STREAMING && *result > 0)
                p->call.progress += bytes;
        if (!moved(p, w, p->call.progress - before))
                *result = -SOS_EFAULT;
        return *result == (long)m.bytes;
}

/* One page of it: true to go on. */
static bool step(struct process *p, struct flow *w, long *result)
{
        seL4_Word left = w->count - p->call.progress;
        long room = room_for(w->out.f, left < PAGE ? left : PAGE), n;

        if (room < 0)
                signal_send(p, SIGNAL_PIPE);
        if (room <= 0)
                return room < 0 ? ends(p, result, room) : blocks(p, w, w->out.f, true, result);
        n = take(p, w, (seL4_Word)room);
        if (n == FILE_BLOCKS)
                return blocks(p, w, w->in.f, false, result);
        if (n <= 0)
                return ends(p, result, n);
        if (w->out.f->socket)
                return send(p, w, (seL4_Word)n, result);
        n = put(&w->out, (seL4_Word)n);
        if (n == FILE_BLOCKS)
                return blocks(p, w, w->out.f, true, result);
        if (n <= 0)
                return ends(p, result, n);
        p->call.progress += (seL4_Word)n;
        *result = -SOS_EFAULT;
        return moved(p, w, (seL4_Word)n);
}

/* Where both sides are: 0; an error, or what the call has moved already, with which it ends. */
static long read_places(struct process *p, struct flow *w)
{
        long error = read_place(p, &w->in);

        if (!error)
                error = read_place(p, &w->out);
        return error && p->call.progress ? (long)p->call.progress : error;
}

static long flow(struct process *p, struct flow *w)
{
        unsigned weight = w->out.f->kind == FILE_CONSOLE ? POSIX_CONSOLE_WEIGHT : 3;
        long result = read_places(p, w);

        if (result)
                return result;
        w->count = w->count < POSIX_COUNT_MAX ? w->count : POSIX_COUNT_MAX;
        while (p->call.progress < w->count) {
                if (!call_goes_on(p, weight))
                        return CALL_NO_VALUE;
                if (!step(p, w, &result))
                        return result;
        }
        return (long)p->call.progress;
}

/* Both sides are open in the right way. */
static bool may_flow(const struct flow *w)
{
        return w->in.f && w->out.f && !posix_may_move(w->in.f, false) && !posix_may_move(w->out.f, true);
}

static bool has_content(const struct file *f)
{
        return has_place(f) && f->node->kind != NODE_DIRECTORY;
}

/* Files that can be the side that is not a pipe.  What goes to and from the disk itself has memory of a program as its other side. */
static bool gives(const struct file *f)
{
        return !f->event && f->kind != FILE_SPARE && (!has_place(f) || has_content(f));
}

static bool takes(const struct file *f)
{
        return !f->event && f->kind != FILE_SPARE && !(f->flags & O_APPEND && has_place(f));
}

long posix_sendfile(struct process *p)
{
        struct flow w = {.in = {.f = posix_file(p, p->call.argument[1]), .offset_va = p->call.argument[2]},
                         .out = {.f = posix_file(p, p->call.argument[0])},
                         .count = p->call.argument[3]};

        if (!may_flow(&w))
                return -SOS_EBADF;
        if (!has_content(w.in.f) || !takes(w.out.f))
                return -SOS_EINVAL;
        return (long)w.count < 0 ? -SOS_EINVAL : flow(p, &w);
}

/* One side is a pipe, which has no place; not both the same one. */
static long may_splice(const struct flow *w)
{
        if (!may_flow(w))
                return -SOS_EBADF;
        if ((w->in.f->pipe && w->in.offset_va) || (w->out.f->pipe && w->out.offset_va))
                return -SOS_ESPIPE;
        return w->in.f->pipe == w->out.f->pipe || !gives(w->in.f) || !takes(w->out.f) ? -SOS_EINVAL : 0;
}

enum { SPLICE_NONBLOCK = 2, SPLICE_FLAGS = 15 };

long posix_splice(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        struct flow w = {.in = {.f = posix_file(p, a[0]), .offset_va = a[1]},
                         .out = {.f = posix_file(p, a[2]), .offset_va = a[3]},
                         .count = a[4],
                         .at_once = a[5] & SPLICE_NONBLOCK};
        long error;

        if (a[4] == 0)
                return 0;
        if (a[5] & ~(seL4_Word)SPLICE_FLAGS)
                return -SOS_EINVAL;
        error = may_splice(&w);
        return error ? error : flow(p, &w);
}

/* What was read stays in the pipe, so no more is copied than it holds. */
long posix_tee(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        struct flow w = {.in = {.f = posix_file(p, a[0])},
                         .out = {.f = posix_file(p, a[1])},
                         .count = a[2],
                         .at_once = a[3] & SPLICE_NONBLOCK,
                         .keep = true};

        if (a[3] & ~(seL4_Word)SPLICE_FLAGS)
                return -SOS_EINVAL;
        if (a[2] == 0)
                return 0;
        if (!may_flow(&w))
                return -SOS_EBADF;
        if (!w.in.f->pipe || !w.out.f->pipe || w.in.f->pipe == w.out.f->pipe)
                return -SOS_EINVAL;
        return flow(p, &w);
}

/* A part of a file is not copied onto itself. */
static bool overlaps(const struct flow *w)
{
        uint64_t distance = w->in.at < w->out.at ? w->out.at - w->in.at : w->in.at - w->out.at;

        return w->in.f->node == w->out.f->node && distance < w->count;
}

static long may_copy(const struct flow *w)
{
        if (!may_flow(w) || w->out.f->flags & O_APPEND)
                return w->in.f && w->out.f && has_place(w->out.f) && w->out.f->node->kind == NODE_DIRECTORY
                               ? -SOS_EISDIR
                               : -SOS_EBADF;
        if (!has_place(w->in.f) || !has_place(w->out.f))
                return -SOS_EINVAL;
        return has_content(w->in.f) && has_content(w->out.f) ? 0 : -SOS_EISDIR;
}

/* At the first try. */
static long begin_copy(struct process *p, struct flow *w)
{
        long error = read_place(p, &w->in);

        if (!error)
                error = read_place(p, &w->out);
        return !error && overlaps(w) ? -SOS_EINVAL : error;
}

long posix_copy_file_range(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        struct flow w = {.in = {.f = posix_file(p, a[0]), .offset_va = a[1]},
                         .out = {.f = posix_file(p, a[2]), .offset_va = a[3]},
                         .count = a[4]};
        long error;

        if (!w.in.f || !w.out.f)
                return -SOS_EBADF;
        if (a[5])
                return -SOS_EINVAL;
        error = may_copy(&w);
        if (!error && !p->call.progress)
                error = begin_copy(p, &w);
        return error ? error : flow(p, &w);
}
