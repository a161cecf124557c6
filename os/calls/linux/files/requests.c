/* SPDX-License-Identifier: BSD-2-Clause */
/* io_setup, io_submit, io_getevents and their kin: requests for transfers, whose results are fetched later.
 *
 * A request is carried out by the call that submits it, with the operations that reads and writes have, as Linux does for files that are
 * not opened for direct access; so there is never one to cancel.  It is read once, when it is accepted (p->call.requests.record), and done
 * once: a signal ends what it waits for, not the call, which goes on behind it.  The number of a context is the address of a page, in
 * which libraries look for a ring and find none.
 */
#include "os/process/requests.h"
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/cores.h"
#include "os/core/pace.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum { READ_AT, WRITE_AT, SYNC, SYNC_DATA, READ_VECTORS = 7, WRITE_VECTORS, TELLS_EVENT = 1, PRIORITY = 2 };

/* Linux looks for its number there, so that a program that unmaps the page has none any more. */
static struct request_context *context_of(const struct process *p, seL4_Word va)
{
        struct request_context *c = requests_find(p->space, va);
        uint32_t number;

        return c && !c->ends && space_read(p->space, va, &number, sizeof(number)) ? c : NULL;
}

/* More than a ring of Linux can have. */
static bool is_too_large(uint32_t asked)
{
        enum { RESULTS_MOST = 0x10000000 / 32 };
        uint32_t parts = 4 * cores_count();

        return (asked > parts ? asked : parts) * 2 > RESULTS_MOST;
}

long posix_io_setup(struct process *p)
{
        uint32_t asked = (uint32_t)p->call.argument[0];
        seL4_Word to = p->call.argument[1], number;
        struct request_context *c;
        long va;

        if (!space_read(p->space, to, &number, sizeof(number)))
                return -SOS_EFAULT;
        if (number || !asked || is_too_large(asked))
                return -SOS_EINVAL;
        va = posix_map_page(p);
        if (va < 0)
                return va;
        number = (seL4_Word)va;
        c = requests_open(p->space, number, asked);
        if (c && space_write(p->space, to, &number, sizeof(number)))
                return 0;
        if (c)
                requests_close(c);
        space_remove(p->space, number, number + PAGE);
        return c ? -SOS_EFAULT : -SOS_EAGAIN;
}

/* Calls that carry out a request of it are waited for; no other one finds it any more. */
long posix_io_destroy(struct process *p)
{
        struct call *call = &p->call;
        struct request_context *c = call->whole ? requests_find(p->space, call->argument[0])
                                                : context_of(p, call->argument[0]);
        long error;

        if (!c)
                return -SOS_EINVAL;
        c->ends = call->whole = true;
        wait_wake(&c->changed);
        if (c->going)
                return call_waits(p, &c->changed);
        error = posix_remove(p, c->va, c->va + PAGE);
        if (call->result.kind != CALL_ANSWERS || call_awaits(error))
                return error;
        requests_close(c);
        return 0;
}

/* --- accepting --- */

static bool writes(const struct request *r)
{
        return r->what == WRITE_AT || r->what == WRITE_VECTORS;
}

/* Kinds of files that Linux lets requests read or write. */
static bool can_move(const struct file *f, bool write)
{
        if (f->kind == FILE_COUNTER)
                return !write;
        return !f->event && !(f->kind == FILE_NODE && f->node->kind == NODE_DIRECTORY);
}

/* As ioprio_set has them, without those for privileged programs. */
static long check_priority(const struct request *r)
{
        enum { CLASS_SHIFT = 13, LEVELS = 8, NONE = 0, REAL_TIME, BEST_EFFORT, IDLE };
        unsigned class = (uint16_t)r->priority >> CLASS_SHIFT,
                 level = (uint16_t)r->priority & ((1 << CLASS_SHIFT) - 1);

        if (!(r->flags & PRIORITY) || class == IDLE)
                return 0;
        if (class == REAL_TIME)
                return -SOS_EPERM;
        return class == BEST_EFFORT && level < LEVELS ? 0 : class == NONE && !level ? 0 : -SOS_EINVAL;
}

static long check_memory(struct process *p, const struct request *r)
{
        enum { ADDRESS_BITS = 48 };
        bool any;

        if (r->what == READ_VECTORS || r->what == WRITE_VECTORS)
                return posix_check_vectors(p, r->buffer, r->bytes, &any);
        return r->buffer >> ADDRESS_BITS || r->bytes > (1ull << ADDRESS_BITS) - r->buffer ? -SOS_EFAULT : 0;
}

static long check_transfer(struct process *p, const struct request *r, const struct file *f)
{
        bool write = writes(r);
        long error = check_priority(r);

        if (!error && posix_lacks_ways(f, r->ways, write))
                error = -SOS_EOPNOTSUPP;
        if (!error)
                error = posix_may_move(f, write);
        if (!error && !can_move(f, write))
                error = -SOS_EINVAL;
        if (!error)
                error = check_memory(p, r);
        return error ? error : r->offset < 0 ? -SOS_EINVAL : 0;
}

static long check_sync(const struct request *r, const struct file *f)
{
        return r->buffer || r->offset || r->bytes || r->ways || (f->kind != FILE_NODE && f->kind != FILE_SPARE)
                       ? -SOS_EINVAL
                       : 0;
}

/* Its file, and the counter that is told. */
static long check_files(struct process *p, const struct request *r, struct file *file[2])
{
        file[0] = posix_file(p, r->descriptor);
        file[1] = r->flags & TELLS_EVENT ? posix_file(p, r->event) : NULL;
        if (!file[0] || file_is_place(file[0]))
                return -SOS_EBADF;
        if (r->flags & TELLS_EVENT && (!file[1] || file_is_place(file[1])))
                return -SOS_EBADF;
        return file[1] && file[1]->kind != FILE_COUNTER ? -SOS_EINVAL : 0;
}

static long check(struct process *p, const struct request *r, seL4_Word va, struct file *file[2])
{
        static const uint32_t key;
        long error = check_files(p, r, file);

        if (error)
                return error;
        if (!space_write(p->space, va + offsetof(struct request, key), &key, sizeof(key)))
                return -SOS_EFAULT;
        switch (r->what) {
        case READ_AT:
        case WRITE_AT:
        case READ_VECTORS:
        case WRITE_VECTORS:
                return check_transfer(p, r, file[0]);
        case SYNC:
        case SYNC_DATA:
                return check_sync(r, file[0]);
        default:
                return -SOS_EINVAL;
        }
}

/* Nothing of it is asked of the program again. */
static void note(struct request_record *record, const struct request *r, seL4_Word va, struct file *event)
{
        *record = (struct request_record){.data = r->data,
                                          .request = va,
                                          .buffer = r->buffer,
                                          .bytes = r->bytes,
                                          .offset = (uint64_t)r->offset,
                                          .event = event,
                                          .descriptor = r->descriptor,
                                          .ways = r->ways,
                                          .what = r->what};
        if (event)
                file_share(event);
}

/* The next one gets a record: 0, or the error. */
static long accept(struct process *p, struct request_context *c)
{
        seL4_Word at = p->call.argument[2] + p->call.requests.count * sizeof(seL4_Word), va;
        struct file *file[2];
        struct request r;
        uint16_t number;
        long error;

        if (!space_read(p->space, at, &va, sizeof(va)) || !space_read(p->space, va, &r, sizeof(r)))
                return -SOS_EFAULT;
        if (r.reserved || (long)r.bytes < 0)
                return -SOS_EINVAL;
        number = requests_take(c);
        if (!number)
                return -SOS_EAGAIN;
        error = check(p, &r, va, file);
        if (error) {
                requests_refuse(c, number);
                return error;
        }
        note(request_record(c, number), &r, va, file[1]);
        p->call.requests.record = number;
        p->call.whole = file[0]->kind == FILE_NODE || file[0]->kind == FILE_SPARE; /* no signal ends those */
        return 0;
}

/* --- carrying out --- */

static posix_call *operation(const struct request_record *r, bool at_place)
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
static long act(struct process *p, const struct request_record *r)
{
        struct file *f = posix_file(p, r->descriptor);
        seL4_Word saved[CALL_ARGUMENTS];
        uint32_t flags;
        long value;

        if (!f) /* another thread has closed it while the call waited */
                return -SOS_EBADF;
        if (f->socket && r->offset)
                return -SOS_ESPIPE;
        memcpy(saved, p->call.argument, sizeof(saved));
        p->call.argument[0] = r->descriptor;
        p->call.argument[1] = r->buffer;
        p->call.argument[2] = r->bytes;
        p->call.argument[3] = r->offset;
        flags = posix_set_ways(f, r->ways);
        value = operation(r, !f->pipe && !f->socket && !f->event && !f->pty)(p);
        f->flags = flags;
        memcpy(p->call.argument, saved, sizeof(saved));
        return value;
}

/* 0: the request is done; otherwise the call waits, or has pieces left. */
static long carry_out(struct process *p, struct request_context *c)
{
        struct call *call = &p->call;
        uint16_t number = call->requests.record;
        long value = act(p, request_record(c, number));

        if (call->result.kind == CALL_WAITS && !call->more && !call->whole && signal_interrupts(p)) {
                call_stops_waiting(call);
                call_answers(p, 0);
                value = call->progress ? (long)call->progress : -SOS_EINTR;
        }
        if (call->result.kind != CALL_ANSWERS || call_awaits(value))
                return value;
        requests_finish(c, number, value);
        call_starts(call);
        call->requests.record = 0;
        return 0;
}

/* What is wrong with a request is said only when none before it was accepted. */
long posix_io_submit(struct process *p)
{
        struct call *call = &p->call;
        struct request_context *c =
                call->requests.record ? requests_find(p->space, call->argument[0]) : context_of(p, call->argument[0]);
        long count = (long)call->argument[1], error = 0;

        if (count < 0 || !c)
                return call->requests.count ? (long)call->requests.count : -SOS_EINVAL;
        while (!error && (long)call->requests.count < count) {
                error = call->requests.record ? 0 : accept(p, c);
                if (!error)
                        error = carry_out(p, c);
                if (call->result.kind != CALL_ANSWERS || call_awaits(error))
                        return error;
                call->requests.count += !error;
                if (!error && (long)call->requests.count < count && pace_is_over())
                        return call_pauses(p);
        }
        return call->requests.count ? (long)call->requests.count : error;
}

/* --- results --- */

/* Until when the call waits: 0, or -SOS_EFAULT.  Linux takes any numbers as a time, and a negative one as for ever. */
static long find_end(struct process *p, seL4_Word va)
{
        enum { SECOND_US = 1000000, SECONDS_MOST = 1 << 30 };
        int64_t time[2], us;

        if (!p->call.end_us && va && !space_read(p->space, va, time, sizeof(time)))
                return -SOS_EFAULT;
        if (p->call.end_us)
                return 0;
        p->call.end_us = UINT64_MAX;
        if (!va || time[0] >= SECONDS_MOST || time[0] <= -SECONDS_MOST)
                return 0;
        us = time[0] * SECOND_US + time[1] / 1000 + (time[1] % 1000 > 0) - (time[1] % 1000 < 0);
        if (us >= 0)
                p->call.end_us = clock_us() + (uint64_t)us;
        return 0;
}

/* As many as there are and are asked for, in pieces: 0; CALL_NO_VALUE; -SOS_EFAULT. */
static long deliver(struct process *p, struct request_context *c)
{
        struct call *call = &p->call;
        struct request_result result;

        while ((long)call->requests.count < (long)call->argument[2] && requests_first(c, &result)) {
                if (!space_write(p->space, call->argument[3] + call->requests.count * sizeof(result), &result,
                                 sizeof(result)))
                        return -SOS_EFAULT;
                requests_fetched(c);
                call->requests.count++;
                if (pace_is_over())
                        return call_pauses(p);
        }
        return 0;
}

/* What was fetched is the answer, whatever ends the waiting. */
static long fetch(struct process *p)
{
        struct call *call = &p->call;
        struct request_context *c = context_of(p, call->argument[0]);
        long least = (long)call->argument[1], done, error;

        if (!c || least < 0 || least > (long)call->argument[2])
                return call->requests.count ? (long)call->requests.count : -SOS_EINVAL;
        error = deliver(p, c);
        if (call->result.kind != CALL_ANSWERS || call_awaits(error))
                return error;
        done = (long)call->requests.count;
        if (error || done >= least || clock_us() >= call->end_us || signal_interrupts(p))
                return done ? done : error ? error : signal_interrupts(p) ? -SOS_EINTR : 0;
        call_waits(p, &c->changed);
        return call->end_us < UINT64_MAX ? call_until(p, call->end_us) : CALL_NO_VALUE;
}

long posix_io_getevents(struct process *p)
{
        long error = find_end(p, p->call.argument[4]);

        return error ? error : fetch(p);
}

/* The same with other signals blocked meanwhile. */
long posix_io_pgetevents(struct process *p)
{
        struct {
                seL4_Word mask, bytes;
        } signals = {0};
        seL4_Word va = p->call.argument[5];
        long error = find_end(p, p->call.argument[4]);

        if (error)
                return error;
        if (va && p->call.first && !p->signals.other_mask) {
                if (!space_read(p->space, va, &signals, sizeof(signals)))
                        return -SOS_EFAULT;
                if (signals.mask && signals.bytes != sizeof(uint64_t))
                        return -SOS_EINVAL;
                if (!signal_other_mask(p, signals.mask))
                        return -SOS_EFAULT;
        }
        return fetch(p);
}

/* Whatever was submitted has its result already, or is carried out by a call that waits. */
long posix_io_cancel(struct process *p)
{
        uint32_t key;

        if (!space_read(p->space, p->call.argument[1] + offsetof(struct request, key), &key, sizeof(key)))
                return -SOS_EFAULT;
        return -SOS_EINVAL;
}
