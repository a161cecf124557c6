/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers of programs (timer_create and its kin). */
#include "os/process/timers.h"
#include "os/calls/linux/posix.h"
#include "sos/clock.h"

enum { REALTIME = 0, MONOTONIC = 1, BOOT = 7, REALTIME_ALARM = 8, BOOT_ALARM = 9, TAI = 11 };
enum { BY_SIGNAL = 0, BY_NOBODY = 1, BY_THREAD = 4, SECOND_US = 1000000 };

/* The record in which Linux programs say what is to happen. */
struct event_wish {
        uint64_t value;
        int32_t signal, how, thread;
        uint32_t pad[11];
};
_Static_assert(sizeof(struct event_wish) == 64, "as Linux programs know it");

static bool is_wall(int clock)
{
        return clock == REALTIME || clock == MONOTONIC || clock == BOOT || clock == REALTIME_ALARM ||
               clock == BOOT_ALARM || clock == TAI;
}

/* What is used can be waited for by the process that uses it. */
static long set_clock(struct process *p, struct timer *t, int clock)
{
        t->date = clock == REALTIME || clock == REALTIME_ALARM || clock == TAI;
        if (is_wall(clock))
                return 0;
        t->on_used = true;
        return posix_used_clock(p, clock, &t->used_by) == p->leader ? 0 : -SOS_EINVAL;
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
        struct event_wish w;
        struct timer *t;
        long error;

        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], &w, sizeof(w)))
                return -SOS_EFAULT;
        t = timer_make(p);
        if (!t)
                return -SOS_EAGAIN;
        if (!p->call.argument[1])
                w = (struct event_wish){.value = (uint64_t)t->id, .signal = SIGNAL_ALRM};
        error = set_clock(p, t, (int)p->call.argument[0]);
        if (!error)
                error = apply(p, t, &w);
        if (!error && !space_write(p->space, p->call.argument[2], &t->id, sizeof(t->id)))
                error = -SOS_EFAULT;
        if (error)
                timer_delete(t);
        return error;
}

static long put_rest(struct process *p, const struct timer *t, seL4_Word va)
{
        uint64_t now = t->on_used ? timer_used(t) : clock_us(), at = t->on_used ? t->used_at : t->alarm.at;
        uint64_t left = at > now ? at - now : at ? 1 : 0;
        int64_t time[4] = {(int64_t)(t->interval_us / 1000000), (int64_t)(t->interval_us % 1000000 * 1000),
                           (int64_t)(left / 1000000), (int64_t)(left % 1000000 * 1000)};

        return space_write(p->space, va, time, sizeof(time)) ? 0 : -SOS_EFAULT;
}

long posix_timer_gettime(struct process *p)
{
        const struct timer *t = timer_find(p, (int)p->call.argument[0]);

        if (t && t->on_used && !posix_counted(p, p->leader))
                return CALL_NO_VALUE;
        return t ? put_rest(p, t, p->call.argument[1]) : -SOS_EINVAL;
}

/* When that is, of what is used. */
static uint64_t from_now(const struct timer *t, uint64_t at, bool absolute)
{
        return at && !absolute ? at + timer_used(t) : at;
}

static long set_timer(struct process *p, struct timer *t, uint64_t at, uint64_t interval)
{
        long error = p->call.argument[3] ? put_rest(p, t, p->call.argument[3]) : 0;

        if (!error)
                timer_set(t, at, interval);
        return error;
}

long posix_timer_settime(struct process *p)
{
        enum { ABSOLUTE = 1 };
        struct timer *t = timer_find(p, (int)p->call.argument[0]);
        bool absolute = p->call.argument[1] & ABSOLUTE, used = t && t->on_used;
        struct posix_timer new;
        long error;

        if (!p->call.argument[2])
                return -SOS_EINVAL;
        if (used && !posix_counted(p, p->leader))
                return CALL_NO_VALUE;
        error = posix_read_timer(p, p->call.argument[2], absolute || used, t && t->date, &new);
        if (error || !t)
                return error ? error : -SOS_EINVAL;
        return set_timer(p, t, used ? from_now(t, new.at, absolute) : new.at, new.interval);
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

/* --- the timers that every process has --- */

static const int64_t SECONDS_MAX = 1ll << 40;

enum { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, ITIMERS };

/* Microseconds left, 0: it is not set; and the interval. */
static uint64_t left_of(struct process *p, seL4_Word which, uint64_t *interval)
{
        const struct signals *s = &p->leader->signals;
        uint64_t now = clock_us();

        if (which != ITIMER_REAL) {
                *interval = s->used[which - ITIMER_VIRTUAL].interval;
                return used_timer_left(p->leader, (enum used)(which - ITIMER_VIRTUAL));
        }
        *interval = s->interval_us;
        return s->alarm.at > now ? s->alarm.at - now : s->alarm.at ? 1 : 0;
}

/* The time left and the interval, as getitimer gives them. */
static bool put_itimer(struct process *p, seL4_Word which, seL4_Word va)
{
        uint64_t interval, left = left_of(p, which, &interval);
        int64_t value[4] = {(int64_t)(interval / SECOND_US), (int64_t)(interval % SECOND_US),
                            (int64_t)(left / SECOND_US), (int64_t)(left % SECOND_US)};

        return space_write(p->space, va, value, sizeof(value));
}

static void set_itimer(struct process *p, seL4_Word which, uint64_t left, uint64_t interval)
{
        struct signals *s = &p->leader->signals;

        if (which != ITIMER_REAL) {
                used_timer_set(p->leader, (enum used)(which - ITIMER_VIRTUAL), left, interval);
                return;
        }
        s->interval_us = interval;
        alarm_set(&s->alarm, &p->leader->call.waiter, left ? clock_us() + left : 0);
}

long posix_getitimer(struct process *p)
{
        if (p->call.argument[0] >= ITIMERS)
                return -SOS_EINVAL;
        if (p->call.argument[0] != ITIMER_REAL && !posix_counted(p, p->leader))
                return CALL_NO_VALUE;
        return put_itimer(p, p->call.argument[0], p->call.argument[1]) ? 0 : -SOS_EFAULT;
}

long posix_setitimer(struct process *p)
{
        seL4_Word which = p->call.argument[0];
        int64_t value[4] = {0};

        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], value, sizeof(value)))
                return -SOS_EFAULT;
        if (which >= ITIMERS)
                return -SOS_EINVAL;
        for (int i = 0; i < 4; i++) {
                if (value[i] < 0 || value[i] > (i % 2 ? SECOND_US - 1 : SECONDS_MAX))
                        return -SOS_EINVAL;
        }
        if (which != ITIMER_REAL && !posix_counted(p, p->leader))
                return CALL_NO_VALUE;
        if (p->call.argument[2] && !put_itimer(p, which, p->call.argument[2]))
                return -SOS_EFAULT;
        set_itimer(p, which, (uint64_t)(value[2] * SECOND_US + value[3]),
                   (uint64_t)(value[0] * SECOND_US + value[1]));
        return 0;
}
