/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving bytes between /dev/spare and processes (os/files/spare.h).
 *
 * A call has one transfer under way at a time (p->call.transfer), of a piece of what it asks for, and waits for its end; only a deadly
 * signal ends that wait, as on Linux.  The file stands behind all of it when the call begins (with vectors: behind this one), so that
 * two threads which read through one file get different parts, each of them whole.  What is not moved in the end is taken back, unless
 * the place has moved meanwhile. */
#include "os/calls/linux/posix.h"
#include "os/files/spare.h"

static long waits(struct process *p)
{
        return call_waits(p, p->call.transfer ? spare_queue(p->call.transfer) : spare_room());
}

/* What is read or written, from where the file stands; the file goes on behind it. */
static void take_place(struct call *c, struct file *f, seL4_Word size)
{
        uint64_t left = f->offset < f->node->size ? f->node->size - f->offset : 0;

        if (c->disk.end)
                return;
        c->disk.start = f->offset;
        c->disk.end = f->offset += size < left ? size : left;
}

/* It has ended, with so much done. */
static long leave_place(struct call *c, struct file *f, seL4_Word done, long value)
{
        if (c->disk.end && (c->disk.own || f->offset == c->disk.end)) /* its next vector begins there */
                f->offset = c->disk.start + done;
        c->disk.end = 0;
        return value;
}

/* A part of what is left. */
static long begin(struct process *p, const seL4_Word left[2], uint64_t at, bool write)
{
        const struct spare_want w = {.operation = write ? BLOCK_WRITE : BLOCK_READ,
                                     .at = at,
                                     .size = left[1],
                                     .space = p->space,
                                     .va = left[0]};

        return spare_begin(&w, &p->call.transfer);
}

/* Its bytes, FILE_BLOCKS, or an error, after which it goes on when memory is awaited. */
static long end(struct process *p)
{
        size_t size = spare_about(p->call.transfer)->size;
        long error = spare_end(&p->call.transfer);

        return error ? error : (long)size;
}

long posix_move_spare(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before,
                      bool write)
{
        struct call *c = &p->call;
        seL4_Word done = c->progress > before ? c->progress - before : 0;

        c->whole = true;
        take_place(c, f, piece[1]);
        while (done < piece[1]) {
                long n = 1;

                if (!c->transfer)
                        n = begin(p, (seL4_Word[2]){piece[0] + done, piece[1] - done}, c->disk.start + done,
                                  write);
                if (n > 0)
                        n = end(p);
                if (n == FILE_BLOCKS)
                        return waits(p);
                if (n <= 0 && call_awaits(n))
                        return n;
                if (n <= 0)
                        return leave_place(c, f, done, done > 0 ? (long)done : n);
                done += (seL4_Word)n;
                c->progress = before + done;
        }
        return leave_place(c, f, done, (long)done);
}

long posix_flush_spare(struct process *p)
{
        const struct spare_want w = {.operation = BLOCK_FLUSH};
        long n = p->call.transfer ? 1 : spare_begin(&w, &p->call.transfer);

        p->call.whole = true;
        if (n > 0)
                n = spare_end(&p->call.transfer);
        return n == FILE_BLOCKS ? waits(p) : n;
}
