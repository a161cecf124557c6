/* SPDX-License-Identifier: BSD-2-Clause */
/* futex_waitv: waiting for any of several words. */
#include "os/calls/linux/posix.h"
#include "os/process/futex.h"
#include "sos/clock.h"

enum { LIST, COUNT, FLAGS, TIME, CLOCK };

/* As programs know it. */
struct word {
        uint64_t value, va;
        uint32_t flags, reserved;
};

enum { WORD_32 = 2, WORD_OWN = 128 };

static long read_word(struct process *p, unsigned i, struct word *w)
{
        if (!space_read(p->space, p->call.argument[LIST] + i * sizeof(*w), w, sizeof(*w)))
                return -SOS_EFAULT;
        if (w->flags & ~(uint32_t)(WORD_32 | WORD_OWN) || w->reserved || !(w->flags & WORD_32))
                return -SOS_EINVAL;
        return w->value > UINT32_MAX ? -SOS_EINVAL : 0;
}

static long read_keys(struct process *p, struct futex_key *keys, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                struct word w;
                long error = read_word(p, i, &w);

                if (error)
                        return error;
                if (w.va % sizeof(uint32_t))
                        return -SOS_EINVAL;
                if (w.va >= SPACE_TOP || !futex_key(p, w.va, w.flags & WORD_OWN, &keys[i]))
                        return -SOS_EFAULT;
        }
        return 0;
}

/* Has each word the value that is expected? */
static long compare(struct process *p, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                uint32_t now = 0;
                struct word w;
                long error = read_word(p, i, &w);

                if (error || !space_read(p->space, w.va, &now, sizeof(now)))
                        return error ? error : -SOS_EFAULT;
                if (now != (uint32_t)w.value)
                        return -SOS_EAGAIN;
        }
        return 0;
}

static long read_time(struct process *p)
{
        enum { REAL, MONOTONIC };
        seL4_Word clock = (uint32_t)p->call.argument[CLOCK];

        if (!p->call.argument[TIME] || p->call.end_us)
                return 0;
        return clock > MONOTONIC ? -SOS_EINVAL
                                 : posix_deadline(p, p->call.argument[TIME], true, clock == REAL);
}

static bool is_late(const struct call *c)
{
        return c->end_us && clock_us() >= c->end_us;
}

/* 0 if it may wait: nothing in its arguments is wrong, the words have the values that it expects, and its time is not over. */
static long check_words(struct process *p, struct futex_key *keys, unsigned count)
{
        long error = read_time(p);

        if (!error)
                error = read_keys(p, keys, count);
        if (!error && p->call.futex.many && is_late(&p->call))
                return -SOS_ETIMEDOUT;
        return error ? error : compare(p, count);
}

long posix_futex_waitv(struct process *p)
{
        struct call *c = &p->call;
        unsigned count = (uint32_t)c->argument[COUNT];
        struct futex_key keys[FUTEX_WORDS_MAX];
        long error;

        if (c->futex.woken)
                return c->futex.which;
        if ((uint32_t)c->argument[FLAGS] || !count || count > FUTEX_WORDS_MAX || !c->argument[LIST])
                return -SOS_EINVAL;
        error = check_words(p, keys, count);
        if (error)
                return error;
        if (is_late(c))
                return -SOS_ETIMEDOUT;
        if (!futex_wait_many(p, keys, count))
                return -SOS_ENOMEM;
        return c->end_us ? call_until(p, c->end_us) : call_waits(p, NULL);
}
