/* SPDX-License-Identifier: BSD-2-Clause */
/* Clocks and sleeping.  All clocks count from power-on, but those of a process (its time on the processor) and the date, which
 * counts from 1970 where the machine has a clock that knows, or a server of the network has told. */
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "sos/clock.h"

enum { TIMER_ABSTIME = 1 };

static const int64_t SECONDS_MAX = 1ll << 40; /* more are as many: nobody sees them pass */

bool posix_is_clock(seL4_Word id)
{
        enum { TAI = 11, SGI = 10 };

        return (uint32_t)id <= TAI && (uint32_t)id != SGI;
}

static bool own_thread(const struct process *p, int number)
{
        const struct process *t = thread_find(number);

        return t && thread_lives(t) && t->leader == p->leader;
}

/* The numbers of other clocks than one's own say a process or thread and which of its times; all of them are all time here. */
struct process *posix_used_clock(struct process *p, int id, int *thread)
{
        enum { PROCESS_TIME = 2, THREAD_TIME = 3, KIND = 3, OF_THREAD = 4, OF_DESCRIPTOR = 3, NUMBER = 3 };
        int number = ~(id >> NUMBER);
        struct process *found;

        *thread = id == THREAD_TIME ? p->pid : 0;
        if (id == PROCESS_TIME || id == THREAD_TIME)
                return p->leader;
        if (id >= 0 || (id & KIND) == OF_DESCRIPTOR)
                return NULL;
        if (id & OF_THREAD) {
                *thread = number ? number : p->pid;
                return own_thread(p, *thread) ? p->leader : NULL;
        }
        found = number ? process_find(number) : p->leader;
        return found && found->state != PROCESS_FREE ? found : NULL;
}

static bool is_date(seL4_Word id)
{
        enum { REALTIME = 0, REALTIME_COARSE = 5, REALTIME_ALARM = 8, TAI = 11 };

        return id == REALTIME || id == REALTIME_COARSE || id == REALTIME_ALARM || id == TAI;
}

long posix_clock_getres(struct process *p)
{
        int64_t time[2] = {0, (int64_t)(1000000000 / timestamp_get_freq())};
        int thread, id = (int)p->call.argument[0];

        if (!posix_is_clock((uint32_t)id) && !posix_used_clock(p, id, &thread))
                return -SOS_EINVAL;
        return !p->call.argument[1] || space_write(p->space, p->call.argument[1], time, sizeof(time))
                       ? 0
                       : -SOS_EFAULT;
}

long posix_clock_gettime(struct process *p)
{
        int thread, id = (int)p->call.argument[0];
        struct process *of = posix_used_clock(p, id, &thread);
        uint64_t ns;
        int64_t time[2];

        if (!of && !posix_is_clock((uint32_t)id))
                return -SOS_EINVAL;
        if (of && !thread && !posix_counted(p, of))
                return CALL_NO_VALUE;
        if (of)
                ns = (thread ? thread_consumed(thread_find(thread)) : of->time.used_us) * 1000;
        else
                ns = clock_scaled(clock_ticks(), 1000000000) +
                     (is_date((uint32_t)id) ? board_epoch() * 1000 : 0);
        time[0] = (int64_t)(ns / 1000000000);
        time[1] = (int64_t)(ns % 1000000000);
        return space_write(p->space, p->call.argument[1], time, sizeof(time)) ? 0 : -SOS_EFAULT;
}

long posix_gettimeofday(struct process *p)
{
        uint64_t us = board_date_us();
        int64_t time[2] = {(int64_t)(us / 1000000), (int64_t)(us % 1000000)};
        static const uint32_t zone[2];

        if (p->call.argument[0] && !space_write(p->space, p->call.argument[0], time, sizeof(time)))
                return -SOS_EFAULT;
        return p->call.argument[1] && !space_write(p->space, p->call.argument[1], zone, sizeof(zone))
                       ? -SOS_EFAULT
                       : 0;
}

/* The date is what the machine's clock says, or somebody who may has said since. */
static long set_date(const struct process *p, const int64_t time[2])
{
        static const int64_t latest = 1ll << 33;

        if (time[0] < 0 || time[0] > latest || time[1] < 0 || time[1] >= 1000000000)
                return -SOS_EINVAL;
        if (!user_can(&p->user, CAPABLE_TIME))
                return -SOS_EPERM;
        board_learn_date((uint64_t)time[0] * 1000000 + (uint64_t)time[1] / 1000);
        return 0;
}

long posix_clock_settime(struct process *p)
{
        int64_t time[2];

        if (p->call.argument[0] != 0)
                return -SOS_EINVAL;
        return space_read(p->space, p->call.argument[1], time, sizeof(time)) ? set_date(p, time)
                                                                             : -SOS_EFAULT;
}

long posix_settimeofday(struct process *p)
{
        int64_t time[2];
        uint32_t zone[2];

        if (p->call.argument[0] && !space_read(p->space, p->call.argument[0], time, sizeof(time)))
                return -SOS_EFAULT;
        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], zone, sizeof(zone)))
                return -SOS_EFAULT;
        if (!p->call.argument[0])
                return !p->call.argument[1] || user_can(&p->user, CAPABLE_TIME) ? 0 : -SOS_EPERM;
        if (time[1] < 0 || time[1] >= 1000000)
                return -SOS_EINVAL;
        time[1] *= 1000;
        return set_date(p, time);
}

/* From seconds and nanoseconds to microseconds, upwards; false when it is no time. */
static bool microseconds(const int64_t time[2], int64_t *us)
{
        int64_t seconds = time[0] < SECONDS_MAX ? time[0] : SECONDS_MAX;

        if (seconds < 0 || time[1] < 0 || time[1] >= 1000000000)
                return false;
        *us = seconds * 1000000 + (time[1] + 999) / 1000;
        return true;
}

static uint64_t since_boot(int64_t us, bool absolute, bool date)
{
        us += !absolute ? (int64_t)clock_us() : date ? -(int64_t)board_epoch() : 0;
        return us > 0 ? (uint64_t)us : 1;
}

long posix_deadline(struct process *p, seL4_Word va, bool absolute, bool date)
{
        int64_t time[2], us;

        if (!space_read(p->space, va, time, sizeof(time)))
                return -SOS_EFAULT;
        if (!microseconds(time, &us))
                return -SOS_EINVAL;
        p->call.end_us = since_boot(us, absolute, date);
        return 0;
}

long posix_read_timer(struct process *p, seL4_Word va, bool absolute, bool date, struct posix_timer *t)
{
        int64_t time[4], interval, us;

        if (!space_read(p->space, va, time, sizeof(time)))
                return -SOS_EFAULT;
        if (!microseconds(time, &interval) || !microseconds(time + 2, &us))
                return -SOS_EINVAL;
        t->interval = (uint64_t)interval;
        t->at = us ? since_boot(us, absolute, date) : 0;
        return 0;
}

/* `from_us`: what the time is counted from, in microseconds since power-on.  The end is computed at the first try. */
static long sleep_until(struct process *p, seL4_Word request, int64_t from_us)
{
        int64_t time[2], us;

        if (!p->call.end_us) {
                if (!space_read(p->space, request, time, sizeof(time)))
                        return -SOS_EFAULT;
                if (!microseconds(time, &us))
                        return -SOS_EINVAL;
                from_us += us;
                p->call.end_us = from_us > 0 ? (seL4_Word)from_us : 1;
        }
        return clock_us() >= p->call.end_us ? 0 : call_until(p, p->call.end_us);
}

/* What is left to sleep is written at each try, because it may be the last one when a signal comes. */
static long tell_rest(struct process *p, long result, seL4_Word va)
{
        bool waits = p->call.result.kind == CALL_WAITS;
        uint64_t now = clock_us(), left = waits && p->call.end_us > now ? p->call.end_us - now : 0;
        int64_t time[2] = {(int64_t)(left / 1000000), (int64_t)(left % 1000000 * 1000)};

        if (!waits || !va)
                return result;
        return space_write(p->space, va, time, sizeof(time)) ? result : call_answers(p, -SOS_EFAULT);
}

long posix_nanosleep(struct process *p)
{
        return tell_rest(p, sleep_until(p, p->call.argument[0], (int64_t)clock_us()), p->call.argument[1]);
}

/* Clocks that a program can sleep by; all other valid numbers can only be read. */
static long sleeps_by(seL4_Word id)
{
        enum { REALTIME = 0, MONOTONIC = 1, BOOTTIME = 7, TAI = 11 };

        if (id == REALTIME || id == MONOTONIC || id == BOOTTIME || id == TAI)
                return 0;
        return posix_is_clock(id) ? -SOS_EOPNOTSUPP : -SOS_EINVAL;
}

long posix_clock_nanosleep(struct process *p)
{
        long error = sleeps_by((uint32_t)p->call.argument[0]);
        bool absolute = p->call.argument[1] & TIMER_ABSTIME;
        int64_t from = is_date(p->call.argument[0]) ? -(int64_t)board_epoch() : 0;

        if (error)
                return error;
        return tell_rest(p, sleep_until(p, p->call.argument[2], absolute ? from : (int64_t)clock_us()),
                         absolute ? 0 : p->call.argument[3]);
}
