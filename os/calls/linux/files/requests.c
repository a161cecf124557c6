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
#include "os/files/spare.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

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
        c = requests_open(p->space, p->family, number, asked);
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
        struct request_context *c =
                call->whole ? requests_find(p->space, call->argument[0]) : context_of(p, call->argument[0]);
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
        error = posix_check_request(p, &r, va, file);
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
        case REQUEST_READ:
                return at_place ? posix_pread : posix_read;
        case REQUEST_WRITE:
                return at_place ? posix_pwrite : posix_write;
        case REQUEST_READ_VECTORS:
                return at_place ? posix_preadv : posix_readv;
        case REQUEST_WRITE_VECTORS:
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
        if (call->transfer && spare_moves(call->transfer)) /* as outlast_device (serve.c) */
                return call_waits(p, spare_queue(call->transfer));
        requests_finish(c, number, value);
        call_starts(call);
        call->requests.record = 0;
        return 0;
}

/* The next one: 0: it is done; its error; otherwise the call waits, or has pieces left. */
static long submit_next(struct process *p, struct request_context *c)
{
        long error = p->call.requests.record ? 0 : accept(p, c);

        return error ? error : carry_out(p, c);
}

/* How many were submitted, or fetched, is the answer, whatever stops the call. */
static long so_far(const struct call *call, long otherwise)
{
        return call->requests.count ? (long)call->requests.count : otherwise;
}

long posix_io_submit(struct process *p)
{
        struct call *call = &p->call;
        seL4_Word number = call->argument[0];
        struct request_context *c =
                call->requests.record ? requests_find(p->space, number) : context_of(p, number);
        long count = (long)call->argument[1];

        if (count < 0 || !c)
                return so_far(call, -SOS_EINVAL);
        while ((long)call->requests.count < count) {
                long error = submit_next(p, c);

                if (call->result.kind != CALL_ANSWERS || call_awaits(error))
                        return error;
                if (error)
                        return so_far(call, error);
                call->requests.count++;
                if ((long)call->requests.count < count && pace_is_over())
                        return call_pauses(p);
        }
        return count;
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

static long fetch(struct process *p)
{
        struct call *call = &p->call;
        struct request_context *c = context_of(p, call->argument[0]);
        long least = (long)call->argument[1], error;

        if (!c || least < 0 || least > (long)call->argument[2])
                return so_far(call, -SOS_EINVAL);
        error = deliver(p, c);
        if (call->result.kind != CALL_ANSWERS || call_awaits(error))
                return error;
        if (error)
                return so_far(call, error);
        if (signal_interrupts(p))
                return so_far(call, -SOS_EINTR);
        if ((long)call->requests.count >= least || clock_us() >= call->end_us)
                return so_far(call, 0);
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
