/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for any of several files: poll, select and epoll. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/waiting/ready.h"
#include "os/core/pace.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum { MASK_BYTES = 8, WORDS = DESCRIPTORS / 64 };

/* --- what they have in common --- */

/* The time at `va` (0: none) is what to wait at most; the mask at `mask` holds meanwhile.  0 or -SOS_E*. */
static long begin(struct process *p, seL4_Word va, seL4_Word mask, seL4_Word bytes)
{
        long error = va && !p->call.end_us ? posix_deadline(p, va, false, false) : 0;

        if (!error && mask && bytes != MASK_BYTES)
                error = -SOS_EINVAL;
        if (!error && !signal_other_mask(p, mask))
                error = -SOS_EFAULT;
        return error;
}

static bool is_over(const struct process *p)
{
        return p->call.end_us && clock_us() >= p->call.end_us;
}

static long wait_until(struct process *p, uint64_t until)
{
        if (p->call.end_us && (!until || p->call.end_us < until))
                until = p->call.end_us;
        return until ? call_until(p, until) : call_waits(p, NULL);
}

/* What is left of the time is written where it was read, at each try. */
static long tell_rest(struct process *p, seL4_Word va, long result)
{
        uint64_t now = clock_us(), left = p->call.end_us > now ? p->call.end_us - now : 0;
        int64_t time[2] = {(int64_t)(left / 1000000), (int64_t)(left % 1000000 * 1000)};

        if (va && p->call.end_us)
                space_write(p->space, va, time, sizeof(time));
        return result;
}

/* Nothing was found: what comes from now on is waited for, and then all is looked at anew.  When the look had pieces, something may
 * have come behind it, and the next one follows soon. */
static uint64_t look_anew(struct process *p)
{
        uint64_t until = p->call.vector ? clock_us() + READY_AGAIN_US : 0;

        p->call.progress = p->call.vector = p->call.vector_start = 0;
        ready_looked(p);
        return until;
}

static long look_on(struct process *p)
{
        p->call.vector = 1;
        return call_pauses(p);
}

/* --- poll --- */

enum { SOME = 64 }; /* entries that are in our memory at a time */

struct poll {
        int descriptor;
        uint16_t wanted, found;
};

static struct poll entries[SOME];

/* The next ones from number `at` on, 0 when they cannot be read. */
static seL4_Word read_entries(struct process *p, seL4_Word at)
{
        seL4_Word rest = p->call.argument[1] - at, some = rest < SOME ? rest : SOME;

        return space_read(p->space, p->call.argument[0] + at * sizeof(*entries), entries,
                          some * sizeof(*entries))
                       ? some
                       : 0;
}

static uint16_t look_at(struct process *p, const struct poll *e)
{
        struct file *f = e->descriptor < 0 ? NULL : posix_file(p, (seL4_Word)e->descriptor);

        if (e->descriptor < 0)
                return 0;
        return f ? (uint16_t)(ready_now(p, f) & (e->wanted | READY_ERROR | READY_HANGUP)) : READY_NOT_OPEN;
}

/* Check some of them; results are written where they have changed. */
static bool check_some(struct process *p, seL4_Word at, seL4_Word some, seL4_Word *ready)
{
        bool news = false;

        for (seL4_Word i = 0; i < some; i++) {
                uint16_t found = look_at(p, &entries[i]);

                news |= found != entries[i].found;
                entries[i].found = found;
                *ready += found != 0;
        }
        return ready_cut() || !news ||
               space_write(p->space, p->call.argument[0] + at * sizeof(*entries), entries,
                           some * sizeof(*entries));
}

/* In pieces: p->call.progress entries were looked at, p->call.vector_start of them are ready, and p->call.vector says that there were
 * pieces. */
static long check_entries(struct process *p)
{
        struct call *c = &p->call;

        while (c->progress < c->argument[1]) {
                seL4_Word some = read_entries(p, c->progress), ready = c->vector_start;

                if (!some || !check_some(p, c->progress, some, &ready))
                        return -SOS_EFAULT;
                if (!ready_cut()) {
                        c->vector_start = ready;
                        c->progress += some;
                }
                if (ready_cut() || (c->progress < c->argument[1] && pace_is_over()))
                        return look_on(p);
        }
        return 0;
}

static long wait_for_entries(struct process *p)
{
        uint64_t until = look_anew(p);
        seL4_Word some;

        for (seL4_Word at = 0; at < p->call.argument[1]; at += some) {
                some = read_entries(p, at);
                if (!some)
                        return -SOS_EFAULT;
                for (seL4_Word i = 0; i < some; i++) {
                        struct file *f = entries[i].descriptor < 0
                                                 ? NULL
                                                 : posix_file(p, (seL4_Word)entries[i].descriptor);

                        if (f)
                                ready_wait(p, f, &until);
                }
        }
        return wait_until(p, until);
}

long posix_ppoll(struct process *p)
{
        seL4_Word time = p->call.argument[2];
        long error = begin(p, time, p->call.argument[3], p->call.argument[4]);

        if (error)
                return error;
        if (p->call.argument[1] > p->files->limit)
                return -SOS_EINVAL;
        ready_look(p);
        error = check_entries(p);
        if (error)
                return error;
        if (p->call.vector_start == 0 && !is_over(p))
                return tell_rest(p, time, wait_for_entries(p));
        return tell_rest(p, time, (long)p->call.vector_start);
}

/* --- select --- */

enum { SETS = 3 };

static const uint32_t meanings[SETS] = {READY_IN | READY_IN_NORMAL | READY_HANGUP | READY_ERROR,
                                        READY_OUT | READY_OUT_NORMAL | READY_ERROR, READY_PRIORITY};

struct sets {
        uint64_t wanted[SETS][WORDS], found[SETS][WORDS];
};

static bool is_in(const uint64_t *set, seL4_Word i)
{
        return set[i / 64] >> i % 64 & 1;
}

static bool read_sets(struct process *p, struct sets *s, seL4_Word count)
{
        memset(s, 0, sizeof(*s));
        for (int i = 0; i < SETS; i++) {
                seL4_Word va = p->call.argument[1 + i];

                if (va && !space_read(p->space, va, s->wanted[i], (count + 63) / 64 * 8))
                        return false;
        }
        return true;
}

static bool write_sets(struct process *p, const struct sets *s, seL4_Word count)
{
        for (int i = 0; i < SETS; i++) {
                seL4_Word va = p->call.argument[1 + i];

                if (va && !space_write(p->space, va, s->found[i], (count + 63) / 64 * 8))
                        return false;
        }
        return true;
}

/* The number of those that are ready, or -SOS_EBADF. */
static long check_sets(struct process *p, struct sets *s, seL4_Word count)
{
        long ready = 0;

        for (seL4_Word i = 0; i < count; i++) {
                struct file *f = posix_file(p, i);
                uint32_t now;

                if (!is_in(s->wanted[0], i) && !is_in(s->wanted[1], i) && !is_in(s->wanted[2], i))
                        continue;
                if (!f)
                        return -SOS_EBADF;
                now = ready_now(p, f);
                for (int k = 0; k < SETS; k++) {
                        if (!is_in(s->wanted[k], i) || !(now & meanings[k]))
                                continue;
                        s->found[k][i / 64] |= 1ull << i % 64;
                        ready++;
                }
        }
        return ready;
}

static long wait_for_sets(struct process *p, const struct sets *s, seL4_Word count)
{
        uint64_t until = look_anew(p);

        for (seL4_Word i = 0; i < count; i++) {
                if (is_in(s->wanted[0], i) || is_in(s->wanted[1], i) || is_in(s->wanted[2], i))
                        ready_wait(p, posix_file(p, i), &until);
        }
        return wait_until(p, until);
}

long posix_pselect6(struct process *p)
{
        seL4_Word count = p->call.argument[0], time = p->call.argument[4], mask[2] = {0};
        static struct sets s;
        long result;

        if ((int)count < 0)
                return -SOS_EINVAL;
        count = count < p->files->limit ? count : p->files->limit;
        if (p->call.argument[5] && !space_read(p->space, p->call.argument[5], mask, sizeof(mask)))
                return -SOS_EFAULT;
        result = begin(p, time, mask[0], mask[1]);
        if (result)
                return result;
        if (!read_sets(p, &s, count))
                return -SOS_EFAULT;
        ready_look(p);
        result = check_sets(p, &s, count);
        if (ready_cut())
                return look_on(p);
        if (result == 0 && !is_over(p))
                return tell_rest(p, time, wait_for_sets(p, &s, count));
        if (result >= 0 && !write_sets(p, &s, count))
                return -SOS_EFAULT;
        return tell_rest(p, time, result);
}

/* --- epoll --- */

struct epoll_event {
        uint32_t events, pad;
        uint64_t data;
};

static struct file *set_of(struct process *p, seL4_Word descriptor)
{
        struct file *f = posix_file(p, descriptor);

        return f && f->kind == FILE_SET ? f : NULL;
}

long posix_epoll_create1(struct process *p)
{
        if (p->call.argument[0] & ~(seL4_Word)O_CLOEXEC)
                return -SOS_EINVAL;
        return posix_give(p, event_open(FILE_SET, O_RDWR), (uint32_t)p->call.argument[0]);
}

static long change_set(struct process *p, struct file *set, struct file *f, const struct epoll_event *e)
{
        enum { ADD = 1, DELETE = 2, MODIFY = 3 };
        int descriptor = (int)p->call.argument[2];
        struct watch *w = event_find(set->event, f, descriptor);

        if (p->call.argument[1] == ADD) {
                if (w)
                        return -SOS_EEXIST;
                if (f->kind == FILE_SET && ready_loops(f, set))
                        return -SOS_ELOOP;
                w = event_watch(set->event, f, descriptor);
                if (!w)
                        return -SOS_ENOSPC;
        }
        if (!w)
                return -SOS_ENOENT;
        if (p->call.argument[1] == DELETE) {
                event_unwatch(set->event, w);
                return 0;
        }
        w->wanted = e->events | READY_ERROR | READY_HANGUP;
        w->data = e->data;
        w->told = false;
        wait_wake(&set->event->changed);
        return 0;
}

long posix_epoll_ctl(struct process *p)
{
        enum { DELETE = 2, LAST = 3 };
        struct file *set = posix_file(p, p->call.argument[0]), *f = posix_file(p, p->call.argument[2]);
        struct epoll_event e = {0};

        if (!set || !f)
                return -SOS_EBADF;
        if (p->call.argument[1] != DELETE && !space_read(p->space, p->call.argument[3], &e, sizeof(e)))
                return -SOS_EFAULT;
        if (f->kind == FILE_NODE || f->kind == FILE_REPORT || f->kind == FILE_NULL)
                return -SOS_EPERM;
        if (set->kind != FILE_SET || set == f || p->call.argument[1] - 1 >= LAST)
                return -SOS_EINVAL;
        return change_set(p, set, f, &e);
}

static bool tell_event(struct process *p, unsigned index, uint32_t found, uint64_t data)
{
        struct epoll_event e = {.events = found, .data = data};

        return space_write(p->space, p->call.argument[1] + index * sizeof(e), &e, sizeof(e));
}

static long wait_for_set(struct process *p)
{
        struct file *set = set_of(p, p->call.argument[0]);
        seL4_Word most = p->call.argument[2];
        uint64_t until;
        long count;

        if (!set)
                return posix_file(p, p->call.argument[0]) ? -SOS_EINVAL : -SOS_EBADF;
        if (most == 0 || (int)most < 0)
                return -SOS_EINVAL;
        ready_look(p);
        count = ready_members(p, set->event, most < SET_WATCHES ? (unsigned)most : SET_WATCHES, tell_event);
        if (count == 0 && ready_cut())
                return look_on(p);
        if (count != 0 || is_over(p))
                return count;
        until = look_anew(p);
        ready_wait(p, set, &until);
        return wait_until(p, until);
}

long posix_epoll_pwait(struct process *p)
{
        int milliseconds = (int)p->call.argument[3];
        long error = begin(p, 0, p->call.argument[4], p->call.argument[5]);

        if (!error && milliseconds >= 0 && !p->call.end_us)
                p->call.end_us = clock_us() + (seL4_Word)milliseconds * 1000;
        return error ? error : wait_for_set(p);
}

long posix_epoll_pwait2(struct process *p)
{
        long error = begin(p, p->call.argument[3], p->call.argument[4], p->call.argument[5]);

        return error ? error : wait_for_set(p);
}
