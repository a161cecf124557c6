/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters, timers and signals as files: making them, and what reading and writing does. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/waiting/ready.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum { SECOND_US = 1000000, MASK_BYTES = 8, RECORD = 128 };

long posix_give(struct process *p, struct file *f, uint32_t flags)
{
        long descriptor = descriptor_free(p->files, 0, p->files->limit);

        if (!f)
                return -SOS_ENFILE;
        if (descriptor >= 0 && descriptor_set(p->files, (seL4_Word)descriptor, f, flags & O_CLOEXEC))
                return descriptor;
        file_close(f);
        return descriptor < 0 ? -SOS_EMFILE : -SOS_ENOMEM;
}

/* --- counters --- */

long posix_eventfd2(struct process *p)
{
        enum { SEMAPHORE = 1 };
        uint32_t flags = (uint32_t)p->call.argument[1];
        struct file *f;

        if (flags & ~(uint32_t)(SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
                return -SOS_EINVAL;
        f = event_open(FILE_COUNTER, O_RDWR | (flags & O_NONBLOCK));
        if (f) {
                f->event->counter.count = (uint32_t)p->call.argument[0];
                f->event->counter.semaphore = flags & SEMAPHORE;
        }
        return posix_give(p, f, flags);
}

static long read_counter(struct process *p, struct event *e, seL4_Word va)
{
        uint64_t value = e->counter.semaphore ? 1 : e->counter.count;

        if (!e->counter.count)
                return FILE_BLOCKS;
        if (!space_write(p->space, va, &value, sizeof(value)))
                return -SOS_EFAULT;
        e->counter.count -= value;
        wait_wake(&e->drained);
        return sizeof(value);
}

static long write_counter(struct process *p, struct event *e, seL4_Word va)
{
        uint64_t value;

        if (!space_read(p->space, va, &value, sizeof(value)))
                return -SOS_EFAULT;
        if (value == UINT64_MAX)
                return -SOS_EINVAL;
        if (value > UINT64_MAX - 1 - e->counter.count)
                return FILE_BLOCKS;
        e->counter.count += value;
        wait_wake(&e->changed);
        return sizeof(value);
}

/* --- timers --- */

long posix_timerfd_create(struct process *p)
{
        enum { REALTIME = 0, MONOTONIC = 1, BOOTTIME = 7, REALTIME_ALARM = 8, BOOTTIME_ALARM = 9 };
        seL4_Word clock = p->call.argument[0];
        uint32_t flags = (uint32_t)p->call.argument[1];
        struct file *f;

        if (clock == REALTIME_ALARM || clock == BOOTTIME_ALARM)
                return -SOS_EPERM;
        if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK) ||
            (clock != REALTIME && clock != MONOTONIC && clock != BOOTTIME))
                return -SOS_EINVAL;
        f = event_open(FILE_TIMER, O_RDWR | (flags & O_NONBLOCK));
        if (f)
                f->event->timer.date = clock == REALTIME;
        return posix_give(p, f, flags);
}

static struct event *timer_of(struct process *p, long *error)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        *error = !f ? -SOS_EBADF : f->kind != FILE_TIMER ? -SOS_EINVAL : 0;
        return *error ? NULL : f->event;
}

/* Interval and time left, in seconds and nanoseconds each. */
static bool put_timer(struct process *p, const struct event *e, seL4_Word va)
{
        uint64_t now = clock_us(), at = e->timer.at, interval = e->timer.interval;
        uint64_t left = !at ? 0 : at > now ? at - now : interval ? interval - (now - at) % interval : 0;
        int64_t value[4] = {(int64_t)(interval / SECOND_US), (int64_t)(interval % SECOND_US * 1000),
                            (int64_t)(left / SECOND_US), (int64_t)(left % SECOND_US * 1000)};

        return space_write(p->space, va, value, sizeof(value));
}

long posix_timerfd_gettime(struct process *p)
{
        long error;
        struct event *e = timer_of(p, &error);

        if (!e)
                return error;
        return put_timer(p, e, p->call.argument[1]) ? 0 : -SOS_EFAULT;
}

long posix_timerfd_settime(struct process *p)
{
        enum { ABSOLUTE = 1, CANCEL = 2 };
        struct posix_timer t;
        long error;
        struct event *e = timer_of(p, &error);

        if (!e)
                return error;
        if (p->call.argument[1] & ~(seL4_Word)(ABSOLUTE | CANCEL))
                return -SOS_EINVAL;
        error = posix_read_timer(p, p->call.argument[2], p->call.argument[1] & ABSOLUTE, e->timer.date, &t);
        if (!error && p->call.argument[3] && !put_timer(p, e, p->call.argument[3]))
                error = -SOS_EFAULT;
        if (error)
                return error;
        e->timer.at = t.at;
        e->timer.interval = t.interval;
        wait_wake(&e->changed);
        return 0;
}

static long read_timer(struct process *p, struct event *e, seL4_Word va)
{
        uint64_t now = clock_us(), count = 1;

        if (!e->timer.at || now < e->timer.at)
                return FILE_BLOCKS;
        if (e->timer.interval)
                count += (now - e->timer.at) / e->timer.interval;
        if (!space_write(p->space, va, &count, sizeof(count)))
                return -SOS_EFAULT;
        e->timer.at = e->timer.interval ? e->timer.at + count * e->timer.interval : 0;
        return sizeof(count);
}

/* --- signals --- */

long posix_signalfd4(struct process *p)
{
        uint32_t flags = (uint32_t)p->call.argument[3];
        int descriptor = (int)p->call.argument[0];
        struct file *f = descriptor < 0 ? NULL : posix_file(p, (seL4_Word)descriptor);
        uint64_t mask;

        if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK) || p->call.argument[2] != MASK_BYTES)
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[1], &mask, sizeof(mask)))
                return -SOS_EFAULT;
        mask &= ~(1ull << (SIGNAL_KILL - 1) | 1ull << (SIGNAL_STOP - 1));
        if (descriptor >= 0) {
                if (!f || f->kind != FILE_SIGNALS)
                        return f ? -SOS_EINVAL : -SOS_EBADF;
                f->event->signals = mask;
                return descriptor;
        }
        f = event_open(FILE_SIGNALS, O_RDWR | (flags & O_NONBLOCK));
        if (f)
                f->event->signals = mask;
        return posix_give(p, f, flags);
}

/* The record that programs know as signalfd_siginfo. */
static bool put_signal(struct process *p, const struct signal_cause *c, seL4_Word va)
{
        enum { SIGNAL, ERROR, CODE, PID, USER, DESCRIPTOR, TID, BAND, OVERRUN, TRAP, STATUS, INT, POINTER };
        uint32_t record[RECORD / sizeof(uint32_t)] = {
                [SIGNAL] = (uint32_t)c->signal, [CODE] = (uint32_t)c->code};

        record[PID] = (uint32_t)c->address;
        record[USER] = (uint32_t)(c->address >> 32);
        record[STATUS] = c->signal == SIGNAL_CHLD ? (uint32_t)c->value : 0;
        record[INT] = (uint32_t)c->value;
        memcpy(&record[POINTER], &c->value, sizeof(c->value));
        return space_write(p->space, va, record, sizeof(record));
}

/* As many as are pending and fit. */
static long read_signals(struct process *p, const struct event *e, seL4_Word va, seL4_Word size)
{
        static const struct signal_cause none;
        struct signal_cause cause;
        seL4_Word done = 0;

        while (done + RECORD <= size && (p->signals.pending | p->leader->signals.common) & e->signals) {
                if (!put_signal(p, &none, va + done))
                        return done ? (long)done : -SOS_EFAULT;
                signal_take(p, e->signals, &cause);
                put_signal(p, &cause, va + done);
                done += RECORD;
        }
        return done ? (long)done : FILE_BLOCKS;
}

/* --- moving --- */

/* Counters can be written; what is read from sets and processes comes by calls of their own. */
static bool can_move(const struct file *f, bool write)
{
        if (write)
                return f->kind == FILE_COUNTER;
        return f->kind == FILE_COUNTER || f->kind == FILE_TIMER || f->kind == FILE_SIGNALS;
}

static long move(struct process *p, struct file *f, const seL4_Word piece[2], bool write)
{
        seL4_Word least = f->kind == FILE_SIGNALS ? RECORD : sizeof(uint64_t);

        if (f->kind == FILE_NOTICES)
                return write ? -SOS_EBADF : posix_read_notices(p, f->event, piece);
        if (f->kind == FILE_QUEUE && !write)
                return posix_read_queue(p, f, piece);
        if (!can_move(f, write) || piece[1] < least)
                return -SOS_EINVAL;
        if (f->kind == FILE_TIMER)
                return read_timer(p, f->event, piece[0]);
        if (f->kind == FILE_SIGNALS)
                return read_signals(p, f->event, piece[0], piece[1]);
        return write ? write_counter(p, f->event, piece[0]) : read_counter(p, f->event, piece[0]);
}

long posix_event_move(struct process *p, struct file *f, const seL4_Word piece[2], bool write)
{
        long result = move(p, f, piece, write);
        uint64_t until = 0;

        if (result != FILE_BLOCKS)
                return result;
        if (f->flags & O_NONBLOCK)
                return -SOS_EAGAIN;
        ready_wait(p, f, &until);
        return until ? call_until(p, until) : call_waits(p, NULL);
}
