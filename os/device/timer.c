/* SPDX-License-Identifier: BSD-2-Clause */
/* See timer.h. */
#include <stdbool.h>
#include <stddef.h>

#include "os/device/timer.h"
#include "sos/clock.h"
#include "sos/proto.h"

enum { ALARM_PERIOD_MIN_US = 200, ALARM_PERIOD_MAX_US = 60 * 1000 * 1000 };

struct sleeper {
        uint64_t deadline; /* microseconds; 0: unused */
        seL4_CPtr reply;
};

/* `deadline` is read by the alarm; the rest is the server's own. */
static struct {
        volatile uint64_t deadline;
        bool armed; /* the alarm was sent off and has not rung */
        struct sleeper sleeper[TIMER_SLEEPERS];
        struct sleeper watch[TIMER_WATCHERS]; /* a signal instead of an answer */
        seL4_CPtr free[TIMER_SLEEPERS + 1];
        unsigned free_count;
} timer;

void timer_alarm_run(void *unused)
{
        seL4_Word badge;

        (void)unused;
        for (;;) {
                seL4_Wait(ALARM_GO, &badge);
                while (clock_us() < timer.deadline)
                        seL4_Yield();
                seL4_Signal(ALARM_RING);
        }
}

static struct sleeper *nearest_sleeper(void)
{
        struct sleeper *found = NULL;

        for (unsigned i = 0; i < TIMER_SLEEPERS; i++) {
                struct sleeper *s = &timer.sleeper[i];

                if (s->deadline && (!found || s->deadline < found->deadline))
                        found = s;
        }
        return found;
}

static struct sleeper *nearest(void)
{
        struct sleeper *s = nearest_sleeper();

        for (unsigned i = 0; i < TIMER_WATCHERS; i++) {
                struct sleeper *watch = &timer.watch[i];

                if (watch->deadline && (!s || watch->deadline < s->deadline))
                        s = watch;
        }
        return s;
}

/* Send the alarm off for the nearest deadline, unless it is on its way to an earlier one. */
static void arm(void)
{
        struct sleeper *s = nearest();
        uint64_t now = clock_us(), wait;

        if (!s || (timer.armed && timer.deadline <= s->deadline))
                return;
        wait = s->deadline > now ? s->deadline - now + 1 : 0;
        wait = wait < ALARM_PERIOD_MIN_US ? ALARM_PERIOD_MIN_US : wait;
        wait = wait > ALARM_PERIOD_MAX_US ? ALARM_PERIOD_MAX_US : wait;
        timer.deadline = s->deadline;
        if (timer.armed)
                seL4_TCB_Suspend(TIMER_ALARM_TCB);
        /* A generous budget: time beyond it would be paid with whole periods. */
        seL4_SchedControl_ConfigureFlags(TIMER_SCHED_CONTROL, TIMER_ALARM_SC, wait / 2, wait, 0, 0, 0);
        if (timer.armed)
                seL4_TCB_Resume(TIMER_ALARM_TCB);
        else
                seL4_Signal(TIMER_GO);
        timer.armed = true;
}

static void ring(void)
{
        uint64_t now = clock_us();
        struct sleeper *s;

        timer.armed = false;
        while ((s = nearest_sleeper()) != NULL && s->deadline <= now) {
                seL4_SetMR(0, 0);
                seL4_Send(s->reply, seL4_MessageInfo_new(0, 0, 0, 1));
                timer.free[timer.free_count++] = s->reply;
                s->deadline = 0;
        }
        for (unsigned i = 0; i < TIMER_WATCHERS; i++) {
                struct sleeper *watch = &timer.watch[i];

                if (watch->deadline && watch->deadline <= now) {
                        watch->deadline = 0;
                        seL4_Signal(TIMER_WATCHER + i);
                }
        }
        arm();
}

/* Keep the caller; true when it worked, and then `reply` is taken. */
static bool sleep(seL4_CPtr reply, uint64_t us)
{
        uint64_t now = clock_us();

        for (unsigned i = 0; i < TIMER_SLEEPERS; i++) {
                struct sleeper *s = &timer.sleeper[i];

                if (s->deadline)
                        continue;
                *s = (struct sleeper){us > UINT64_MAX / 2 ? UINT64_MAX / 2 : now + us, reply};
                arm();
                return true;
        }
        return false;
}

/* The system server, whose badge is 0, and drivers may. */
static bool watch(seL4_Word badge, uint64_t deadline)
{
        seL4_Word driver = badge & ~TIMER_BADGE_DRIVER;

        if (badge && (!(badge & TIMER_BADGE_DRIVER) || driver >= TIMER_DRIVERS))
                return false;
        timer.watch[badge ? 1 + driver : 0].deadline = deadline;
        arm();
        return true;
}

/* True when the caller gets an answer now. */
static bool serve(seL4_CPtr reply, seL4_Word badge)
{
        seL4_Word call = seL4_GetMR(0), argument = seL4_GetMR(1);

        switch (call) {
        case TIMER_NOW:
                seL4_SetMR(0, clock_us());
                return true;
        case TIMER_SLEEP:
                if (argument > 0 && sleep(reply, argument))
                        return false;
                seL4_SetMR(0, argument > 0 ? (seL4_Word)-SOS_EAGAIN : 0);
                return true;
        case TIMER_ALARM:
                seL4_SetMR(0, watch(badge, argument) ? 0 : (seL4_Word)-SOS_EINVAL);
                return true;
        default:
                seL4_SetMR(0, (seL4_Word)-SOS_ENOSYS);
                return true;
        }
}

void timer_run(void *unused)
{
        seL4_MessageInfo_t answer = seL4_MessageInfo_new(0, 0, 0, 1);
        seL4_CPtr reply;
        seL4_Word badge;

        (void)unused;
        for (unsigned i = 0; i < TIMER_SLEEPERS + 1; i++)
                timer.free[timer.free_count++] = TIMER_REPLIES + i;
        reply = timer.free[--timer.free_count];
        seL4_Recv(TIMER_ENDPOINT, &badge, reply);
        for (;;) {
                if (badge & TIMER_BADGE_RING) {
                        ring();
                        seL4_Recv(TIMER_ENDPOINT, &badge, reply);
                } else if (serve(reply, badge)) {
                        seL4_ReplyRecv(TIMER_ENDPOINT, answer, &badge, reply);
                } else {
                        reply = timer.free[--timer.free_count];
                        seL4_Recv(TIMER_ENDPOINT, &badge, reply);
                }
        }
}
