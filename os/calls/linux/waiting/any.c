/* SPDX-License-Identifier: BSD-2-Clause */
/* See any.h. */
#include "os/calls/linux/waiting/any.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/waiting/ready.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum { MASK_BYTES = 8 };

long any_begin(struct process *p, seL4_Word va, seL4_Word mask, seL4_Word bytes)
{
        long error = va && !p->call.end_us ? posix_deadline(p, va, false, false) : 0;

        if (!error && mask && bytes != MASK_BYTES)
                error = -SOS_EINVAL;
        if (!error && !signal_other_mask(p, mask))
                error = -SOS_EFAULT;
        return error;
}

/* Where p->call.vector says that it is.  In pieces: something may have come since the first one. */
enum { LOOKS, LOOKS_IN_PIECES, STANDS, STANDS_IN_PIECES, LOOKS_AGAIN };

static void begin(struct process *p, seL4_Word phase)
{
        p->call.vector = phase;
        p->call.progress = p->call.vector_start = 0;
        ready_looked(p);
        ready_look(p);
}

long any_pauses(struct process *p)
{
        struct call *c = &p->call;

        if (c->vector == LOOKS || c->vector == STANDS)
                c->vector++;
        return call_pauses(p);
}

static bool is_over(const struct process *p)
{
        return p->call.end_us && clock_us() >= p->call.end_us;
}

static long wait_for_ring(struct process *p)
{
        struct call *c = &p->call;
        uint64_t until = c->until_us;

        begin(p, LOOKS);
        if (c->end_us && (!until || c->end_us < until))
                until = c->end_us;
        return until ? call_until(p, until) : call_waits(p, NULL);
}

/* Does the answer, or a pause, come from this? */
static bool settles(const struct process *p, long result)
{
        return result || is_over(p);
}

long any_wait(struct process *p, const struct any *any)
{
        struct call *c = &p->call;
        long result = 0;

        if (c->vector >= STANDS && !call_stood(c))
                begin(p, LOOKS);
        ready_look(p);
        if (c->vector < STANDS) {
                result = any->look(p);
                if (settles(p, result))
                        return result;
                call_stands(p);
                c->until_us = 0;
                begin(p, c->vector == LOOKS ? STANDS : STANDS_IN_PIECES);
        }
        if (c->vector < LOOKS_AGAIN) {
                result = any->stand(p);
                if (result || c->vector == STANDS)
                        return result ? result : wait_for_ring(p);
                begin(p, LOOKS_AGAIN);
        }
        result = any->look(p);
        return settles(p, result) ? result : wait_for_ring(p);
}
