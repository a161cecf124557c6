/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes with packets: what is written through an end with O_DIRECT is read as it was written, a page at a time, and what a read does not
 * want of a packet is lost. */
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"
#include "os/process/signals/signal.h"

static char packet[PIPE_PACKET]; /* on its way */

/* The memory of a call: a piece, or a list of pieces. */
struct memory {
        seL4_Word list, count, own[2];
};

static bool piece_of(struct process *p, const struct memory *m, seL4_Word i, seL4_Word piece[2])
{
        piece[0] = m->own[0];
        piece[1] = m->own[1];
        return !m->list || space_read(p->space, m->list + i * 2 * sizeof(*piece), piece, 2 * sizeof(*piece));
}

/* All bytes, as many as one call moves; or -SOS_EFAULT, _EINVAL. */
static long bytes_of(struct process *p, const struct memory *m)
{
        seL4_Word sum = 0, piece[2];

        for (seL4_Word i = 0; i < m->count; i++) {
                if (!piece_of(p, m, i, piece))
                        return -SOS_EFAULT;
                if ((long)piece[1] < 0)
                        return -SOS_EINVAL;
                sum += piece[1] < POSIX_COUNT_MAX ? piece[1] : POSIX_COUNT_MAX;
        }
        return (long)(sum < POSIX_COUNT_MAX ? sum : POSIX_COUNT_MAX);
}

/* Between the packet and the memory, from its byte `at` on. */
static bool copy(struct process *p, const struct memory *m, seL4_Word at, seL4_Word size, bool in)
{
        char *data = packet;

        for (seL4_Word i = 0; size > 0 && i < m->count; i++) {
                seL4_Word piece[2], part;

                if (!piece_of(p, m, i, piece))
                        return false;
                part = at < piece[1] ? piece[1] - at : 0;
                part = part < size ? part : size;
                if (part > 0 && !(in ? space_read(p->space, piece[0] + at, data, part)
                                     : space_write(p->space, piece[0] + at, data, part)))
                        return false;
                at -= part || at < piece[1] ? at : piece[1];
                data += part;
                size -= part;
        }
        return size == 0;
}

static long read_one(struct process *p, struct file *f, const struct memory *m, seL4_Word all)
{
        size_t there = pipe_packet(f->pipe), part = there < all ? there : all;

        if (!part)
                return 0;
        pipe_peek(f->pipe, 0, packet, part);
        if (!copy(p, m, 0, part, false))
                return -SOS_EFAULT;
        pipe_drop(f->pipe, there);
        return (long)part;
}

/* The next packet. */
static long write_one(struct process *p, struct file *f, const struct memory *m, seL4_Word all)
{
        seL4_Word part = all - p->call.progress;

        if (!f->pipe->readers)
                return -SOS_EPIPE;
        part = part < PIPE_PACKET ? part : PIPE_PACKET;
        if (!copy(p, m, p->call.progress, part, true))
                return -SOS_EFAULT;
        return pipe_write_packet(f->pipe, packet, part);
}

/* What is not there yet is waited for. */
static long write_all(struct process *p, struct file *f, const struct memory *m, seL4_Word all)
{
        while (p->call.progress < all) {
                long n;

                if (!call_goes_on(p, 2))
                        return CALL_NO_VALUE;
                n = write_one(p, f, m, all);
                if (n == -SOS_EPIPE)
                        signal_send(p, SIGNAL_PIPE);
                if (n == FILE_BLOCKS && !(f->flags & O_NONBLOCK))
                        return call_waits(p, file_queue(f, true));
                if (n < 0)
                        return p->call.progress && !call_awaits(n) ? (long)p->call.progress
                               : n == FILE_BLOCKS                  ? -SOS_EAGAIN
                                                                   : n;
                p->call.progress += (seL4_Word)n;
        }
        return (long)all;
}

bool posix_moves_packets(const struct file *f, bool write)
{
        if (write ? !(f->flags & O_DIRECT) : !f->pipe->packets || !pipe_packet(f->pipe))
                return false;
        return !f->event && !posix_may_move(f, write);
}

long posix_move_packets(struct process *p, struct file *f, bool write, bool vectors)
{
        const seL4_Word *a = p->call.argument;
        struct memory m = {.list = vectors ? a[1] : 0, .count = vectors ? a[2] : 1, .own = {a[1], a[2]}};
        long all = bytes_of(p, &m);

        if (all < 0)
                return all;
        return write ? write_all(p, f, &m, (seL4_Word)all) : read_one(p, f, &m, (seL4_Word)all);
}
