/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving bytes between /dev/spare and processes (os/files/spare.h).
 *
 * A call has one transfer under way at a time (p->call.transfer), of a piece of what it asks for, and waits for its end; only a deadly
 * signal ends that wait, as on Linux.  Where the file stands moves on when a transfer begins, so that two threads which read through
 * one file get different parts; a transfer that fails takes that back, unless the place has moved meanwhile. */
#include "os/calls/linux/posix.h"
#include "os/files/spare.h"

static long waits(struct process *p)
{
        return call_waits(p, p->call.transfer ? spare_queue(p->call.transfer) : spare_room());
}

/* A part of what is left. */
static long begin(struct process *p, struct file *f, const seL4_Word left[2], bool write)
{
        const struct spare_want w = {.operation = write ? BLOCK_WRITE : BLOCK_READ,
                                     .at = f->offset,
                                     .size = left[1],
                                     .space = p->space,
                                     .va = left[0]};
        long n = spare_begin(&w, &p->call.transfer);

        if (n > 0)
                f->offset += (uint64_t)n;
        return n;
}

/* Its bytes, FILE_BLOCKS, or an error, after which it goes on when memory is awaited. */
static long end(struct process *p, struct file *f)
{
        const struct spare_want w = *spare_about(p->call.transfer);
        long error = spare_end(&p->call.transfer);

        if (p->call.transfer)
                return error;
        if (error && f->offset == w.at + w.size)
                f->offset = w.at;
        else if (!error && f->offset == w.at) /* of a call with a place of its own, which was tried again */
                f->offset += w.size;
        return error ? error : (long)w.size;
}

long posix_move_spare(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before,
                      bool write)
{
        struct call *c = &p->call;
        seL4_Word done = c->progress > before ? c->progress - before : 0;

        c->whole = true;
        while (done < piece[1]) {
                long n = 1;

                if (!c->transfer)
                        n = begin(p, f, (seL4_Word[2]){piece[0] + done, piece[1] - done}, write);
                if (n > 0)
                        n = end(p, f);
                if (n == FILE_BLOCKS)
                        return waits(p);
                if (n <= 0)
                        return done > 0 && !call_awaits(n) ? (long)done : n;
                done += (seL4_Word)n;
                c->progress = before + done;
        }
        return (long)done;
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
