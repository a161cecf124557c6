/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers of programs (timer_create and its kin). */
#include "os/process/timers.h"
#include "os/calls/linux/posix.h"
#include "sos/clock.h"

enum {
        REALTIME = 0,
        MONOTONIC = 1,
        PROCESS_TIME = 2,
        THREAD_TIME = 3,
        BOOT = 7,
        REALTIME_ALARM = 8,
        BOOT_ALARM = 9,
        TAI = 11
};
enum { BY_SIGNAL = 0, BY_NOBODY = 1, BY_THREAD = 4 };

/* As programs of Linux say what shall happen. */
struct event_wish {
        uint64_t value;
        int32_t signal, how, thread;
        uint32_t pad[11];
};
_Static_assert(sizeof(struct event_wish) == 64, "as Linux programs know it");

/* Times are those of the wall or of the machine here; what a process uses is not looked at often enough for a timer. */
static long refusal(seL4_Word clock)
{
        switch (clock) {
        case REALTIME:
        case MONOTONIC:
        case BOOT:
        case REALTIME_ALARM:
        case BOOT_ALARM:
        case TAI:
                return 0;
        case PROCESS_TIME:
        case THREAD_TIME:
                return -SOS_EOPNOTSUPP;
        default:
                return -SOS_EINVAL;
        }
}

static long apply(struct process *p, struct timer *t, const struct event_wish *w)
{
        if (w->how != BY_SIGNAL && w->how != BY_NOBODY && w->how != BY_THREAD)
                return -SOS_EINVAL;
        if (w->how != BY_NOBODY && (w->signal < 1 || w->signal > PROCESS_SIGNALS))
                return -SOS_EINVAL;
        t->signal = w->how == BY_NOBODY ? 0 : w->signal;
        t->value = w->value;
        if (w->how != BY_THREAD)
                return 0;
        t->thread = thread_find(w->thread);
        return t->thread && t->thread->leader == p->leader ? 0 : -SOS_EINVAL;
}

long posix_timer_create(struct process *p)
{
        seL4_Word clock = p->call.argument[0];
        struct event_wish w;
        struct timer *t;
        long error = refusal(clock);

        if (error)
                return error;
        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], &w, sizeof(w)))
                return -SOS_EFAULT;
        t = timer_make(p);
        if (!t)
                return -SOS_EAGAIN;
        if (!p->call.argument[1])
                w = (struct event_wish){.value = (uint64_t)t->id, .signal = SIGNAL_ALRM};
        t->date = clock == REALTIME || clock == REALTIME_ALARM || clock == TAI;
        error = apply(p, t, &w);
        if (!error && !space_write(p->space, p->call.argument[2], &t->id, sizeof(t->id)))
                error = -SOS_EFAULT;
        if (error)
                timer_delete(t);
        return error;
}

static long put_rest(struct process *p, const struct timer *t, seL4_Word va)
{
        uint64_t now = clock_us(), left = t->alarm.at > now ? t->alarm.at - now : t->alarm.at ? 1 : 0;
        int64_t time[4] = {(int64_t)(t->interval_us / 1000000), (int64_t)(t->interval_us % 1000000 * 1000),
                           (int64_t)(left / 1000000), (int64_t)(left % 1000000 * 1000)};

        return space_write(p->space, va, time, sizeof(time)) ? 0 : -SOS_EFAULT;
}

long posix_timer_gettime(struct process *p)
{
        const struct timer *t = timer_find(p, (int)p->call.argument[0]);

        return t ? put_rest(p, t, p->call.argument[1]) : -SOS_EINVAL;
}

long posix_timer_settime(struct process *p)
{
        enum { ABSOLUTE = 1 };
        struct timer *t = timer_find(p, (int)p->call.argument[0]);
        struct posix_timer new;
        long error;

        if (!p->call.argument[2])
                return -SOS_EINVAL;
        error = posix_read_timer(p, p->call.argument[2], p->call.argument[1] & ABSOLUTE, t && t->date, &new);
        if (error || !t)
                return error ? error : -SOS_EINVAL;
        error = p->call.argument[3] ? put_rest(p, t, p->call.argument[3]) : 0;
        if (!error)
                timer_set(t, new.at, new.interval);
        return error;
}

long posix_timer_getoverrun(struct process *p)
{
        const struct timer *t = timer_find(p, (int)p->call.argument[0]);

        if (!t)
                return -SOS_EINVAL;
        return timer_missed(t) < INT32_MAX ? (long)timer_missed(t) : INT32_MAX;
}

long posix_timer_delete(struct process *p)
{
        struct timer *t = timer_find(p, (int)p->call.argument[0]);

        if (!t)
                return -SOS_EINVAL;
        timer_delete(t);
        return 0;
}
