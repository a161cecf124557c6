/* SPDX-License-Identifier: BSD-2-Clause */
/* io_setup, io_submit, io_getevents and their kin: requests for several transfers, whose results are fetched later.
 *
 * A request is carried out by the call that submits it, with the operations that reads and writes have, as Linux does for files that are
 * not opened for direct access; so there is never one to cancel.  A context belongs to an address space and goes with it; its number is the
 * address of a page there, in which libraries look for a ring and find none.
 */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/files/event.h"
#include "sos/clock.h"

enum { CONTEXTS = 32, RESULTS = EVENT_RESULTS, REQUESTS_MOST = 0x10000000 / 32 };

/* As programs know them. */
struct result {
        uint64_t data, request;
        int64_t value, second;
};

struct request {
        uint64_t data;
        uint32_t key, flags;
        uint16_t what;
        int16_t priority;
        uint32_t descriptor;
        uint64_t buffer, bytes;
        int64_t offset;
        uint64_t reserved;
        uint32_t more, event;
};

enum { READ_AT, WRITE_AT, SYNC, SYNC_DATA, NOTHING = 6, READ_VECTORS, WRITE_VECTORS, TELLS_EVENT = 1 };

static struct context {
        const struct space *space; /* NULL: unused */
        uint64_t number;           /* of the space */
        seL4_Word va;
        unsigned room, count;
        uint16_t first, last; /* of its results, those that were not fetched */
        struct wait_queue filled;
} contexts[CONTEXTS];

static struct kept {
        struct result result;
        uint16_t next; /* 0: none; a free one: the next free one */
} results[RESULTS + 1];
static uint16_t unused, fresh = 1; /* those that were given back; none was used from that one on */
static unsigned promised;          /* the rooms of all contexts */

static struct result *take(uint16_t *which)
{
        *which = unused ? unused : fresh++;
        if (unused)
                unused = results[unused].next;
        results[*which].next = 0;
        return &results[*which].result;
}

static void give_first(struct context *c)
{
        uint16_t first = c->first;

        c->first = results[first].next;
        c->count--;
        results[first].next = unused;
        unused = first;
}

static void drop(struct context *c)
{
        while (c->count)
                give_first(c);
        promised -= c->room;
        c->space = NULL;
        wait_wake(&c->filled);
}

/* Its space has ended, or is that of another program now. */
static bool is_stale(const struct context *c)
{
        const struct space *s = space_since(c->number);

        return c->space && (!s || s->number != c->number);
}

static struct context *find(const struct process *p, seL4_Word va)
{
        for (unsigned i = 0; i < CONTEXTS; i++) {
                if (contexts[i].space == p->space && contexts[i].va == va &&
                    contexts[i].number == p->space->number)
                        return &contexts[i];
        }
        return NULL;
}

/* A free one, when so many results have room as well. */
static struct context *find_free(unsigned room)
{
        struct context *found = NULL;

        for (unsigned i = 0; i < CONTEXTS; i++) {
                if (is_stale(&contexts[i]))
                        drop(&contexts[i]);
                if (!contexts[i].space)
                        found = &contexts[i];
        }
        return promised + room <= RESULTS ? found : NULL;
}

long posix_io_setup(struct process *p)
{
        seL4_Word room = (uint32_t)p->call.argument[0], to = p->call.argument[1], number;
        struct context *c;
        long va;

        if (!space_read(p->space, to, &number, sizeof(number)))
                return -SOS_EFAULT;
        if (number || !room || room > REQUESTS_MOST)
                return -SOS_EINVAL;
        c = find_free((unsigned)room);
        if (!c)
                return -SOS_EAGAIN;
        va = posix_map_page(p);
        if (va < 0)
                return va;
        number = (seL4_Word)va;
        *c = (struct context){
                .space = p->space, .number = p->space->number, .va = number, .room = (unsigned)room};
        promised += c->room;
        return space_write(p->space, to, &number, sizeof(number)) ? 0 : -SOS_EFAULT;
}

long posix_io_destroy(struct process *p)
{
        struct context *c = find(p, p->call.argument[0]);
        long error;

        if (!c)
                return -SOS_EINVAL;
        error = posix_remove(p, c->va, c->va + PAGE);
        if (!error)
                drop(c);
        return error;
}

/* --- submitting --- */

static long check(struct process *p, const struct request *r)
{
        struct file *f = posix_file(p, r->descriptor);
        bool writes = r->what == WRITE_AT || r->what == WRITE_VECTORS;
        bool moves = writes || r->what == READ_AT || r->what == READ_VECTORS;

        if (r->reserved || (long)r->bytes < 0)
                return -SOS_EINVAL;
        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (r->more & TELLS_EVENT) {
                const struct file *event = posix_file(p, r->event);

                if (!event || event->kind != FILE_COUNTER)
                        return event ? -SOS_EINVAL : -SOS_EBADF;
        }
        if (moves)
                return r->flags ? -SOS_EOPNOTSUPP : posix_may_move(f, writes);
        return r->what == SYNC || r->what == SYNC_DATA ? 0 : -SOS_EINVAL;
}

static posix_call *operation(const struct request *r, bool at_place)
{
        switch (r->what) {
        case READ_AT:
                return at_place ? posix_pread : posix_read;
        case WRITE_AT:
                return at_place ? posix_pwrite : posix_write;
        case READ_VECTORS:
                return at_place ? posix_preadv : posix_readv;
        case WRITE_VECTORS:
                return at_place ? posix_pwritev : posix_writev;
        default:
                return posix_fsync;
        }
}

/* The call does what another one would do with these arguments. */
static long carry_out(struct process *p, const struct request *r)
{
        const struct file *f = posix_file(p, r->descriptor);
        seL4_Word saved[CALL_ARGUMENTS];
        long value;

        memcpy(saved, p->call.argument, sizeof(saved));
        p->call.argument[0] = r->descriptor;
        p->call.argument[1] = r->buffer;
        p->call.argument[2] = r->bytes;
        p->call.argument[3] = (seL4_Word)r->offset;
        value = operation(r, !f->pipe && !f->socket && !f->event && !f->pty)(p);
        memcpy(p->call.argument, saved, sizeof(saved));
        return value;
}

static void tell_event(struct process *p, const struct request *r)
{
        const struct file *f = r->more & TELLS_EVENT ? posix_file(p, r->event) : NULL;

        if (!f || f->kind != FILE_COUNTER || f->event->counter.count >= UINT64_MAX - 1)
                return;
        f->event->counter.count++;
        wait_wake(&f->event->changed);
}

static void finish(struct process *p, struct context *c, const struct request *r, seL4_Word va, long value)
{
        uint16_t which;

        *take(&which) = (struct result){.data = r->data, .request = va, .value = value};
        if (c->count++)
                results[c->last].next = which;
        else
                c->first = which;
        c->last = which;
        wait_wake(&c->filled);
        tell_event(p, r);
        p->call.progress = p->call.vector = p->call.vector_start = 0;
}

/* The next request: 0 when it is done; CALL_NO_VALUE: it has pieces left, or waits. */
static long submit_next(struct process *p, struct context *c)
{
        const uint32_t none = 0;
        struct request r;
        seL4_Word va;
        long value;

        if (!space_read(p->space, p->call.argument[2] + p->call.place * sizeof(va), &va, sizeof(va)) ||
            !space_read(p->space, va, &r, sizeof(r)) ||
            !space_write(p->space, va + offsetof(struct request, key), &none, sizeof(none)))
                return -SOS_EFAULT;
        value = c->count < c->room ? check(p, &r) : -SOS_EAGAIN;
        if (value)
                return value;
        value = carry_out(p, &r);
        if (p->call.result.kind != CALL_ANSWERS || call_awaits(value))
                return value;
        finish(p, c, &r, va, value);
        return 0;
}

/* How many were submitted is p->call.place; what is wrong with a later one is said only when it is the first. */
long posix_io_submit(struct process *p)
{
        struct context *c = find(p, p->call.argument[0]);
        long count = (long)p->call.argument[1];

        if (!c || count < 0)
                return p->call.place ? (long)p->call.place : -SOS_EINVAL;
        while ((long)p->call.place < count) {
                long value = submit_next(p, c);

                if (value)
                        return p->call.place && p->call.result.kind == CALL_ANSWERS && !call_awaits(value)
                                       ? (long)p->call.place
                                       : value;
                p->call.place++;
                if ((long)p->call.place < count && pace_is_over())
                        return call_pauses(p);
        }
        return (long)p->call.place;
}

/* --- results --- */

/* As many as there are and are asked for; false: the program's memory is not there. */
static bool deliver(struct process *p, struct context *c, long most)
{
        for (; c->count && (long)p->call.place < most; p->call.place++) {
                if (!space_write(p->space, p->call.argument[3] + p->call.place * sizeof(struct result),
                                 &results[c->first].result, sizeof(struct result)))
                        return false;
                give_first(c);
        }
        return true;
}

long posix_io_getevents(struct process *p)
{
        struct context *c = find(p, p->call.argument[0]);
        long least = (long)p->call.argument[1], most = (long)p->call.argument[2], error = 0;

        if (p->call.argument[4] && !p->call.end_us)
                error = posix_deadline(p, p->call.argument[4], false, false);
        if (error)
                return error;
        if (!c || least < 0 || least > most)
                return p->call.place ? (long)p->call.place : -SOS_EINVAL;
        if (!deliver(p, c, most))
                return p->call.place ? (long)p->call.place : -SOS_EFAULT;
        if ((long)p->call.place >= least || (p->call.end_us && clock_us() >= p->call.end_us))
                return (long)p->call.place;
        call_waits(p, &c->filled);
        return p->call.end_us ? call_until(p, p->call.end_us) : CALL_NO_VALUE;
}

/* Whatever was submitted has its result already. */
long posix_io_cancel(struct process *p)
{
        uint32_t key;

        if (!space_read(p->space, p->call.argument[1] + offsetof(struct request, key), &key, sizeof(key)))
                return -SOS_EFAULT;
        return -SOS_EINVAL;
}
