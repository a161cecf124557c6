/* SPDX-License-Identifier: BSD-2-Clause */
/* See timer.h. */
#include "os/device/timer.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/timer.h"

enum { SHORTEST_US = 200, LONGEST_US = 60 * 1000 * 1000, WORK_US = 100000 };

struct watch {
        uint64_t deadline; /* microseconds; 0: none */
        seL4_CPtr signal;
        uint64_t *word;
};

static struct {
        struct watch watch[TIMER_WATCHERS];
        struct sos_timer *shared;
        seL4_CPtr sched_control, again, tcb, context;
        void (*tell)(void);
        void (*bell)(void);
        bool armed, stuck; /* sent off and has not rung; for too long */
        bool served;
        uint64_t deadline; /* that it was sent off for */
        uint64_t rung;     /* as far as that was seen */
} timer;

void timer_open(seL4_CPtr sched_control, void (*tell)(void), seL4_CPtr again)
{
        timer.sched_control = sched_control;
        timer.tell = tell;
        timer.again = again;
}

void timer_watch(unsigned who, seL4_CPtr signal, uint64_t *word)
{
        timer.watch[who].signal = signal;
        timer.watch[who].word = word;
}

/* --- the nearest --- */

static uint64_t nearest(void)
{
        uint64_t found = UINT64_MAX;

        for (unsigned i = 0; i < TIMER_WATCHERS; i++) {
                uint64_t at = timer.watch[i].deadline;

                found = at && at < found ? at : found;
        }
        return found;
}

/* Its budget is all the processor that it can take, and far more than it needs: time beyond it would be paid with whole periods, and on an
 * emulator whose host is busy that time is also what passes while nothing of the machine runs. */
static void send_off(uint64_t now, uint64_t at)
{
        uint64_t wait = at > now ? at - now + 1 : 0, budget;

        wait = wait < SHORTEST_US ? SHORTEST_US : wait;
        wait = wait > LONGEST_US ? LONGEST_US : wait; /* then it rings too early, and is sent off again */
        budget = wait / 2 < WORK_US ? wait / 2 : WORK_US;
        timer.deadline = at < now + wait ? at : now + wait - 1;
        __atomic_store_n(&timer.shared->deadline, timer.deadline, __ATOMIC_RELEASE);
        if (timer.armed)
                seL4_TCB_Suspend(timer.tcb);
        seL4_SchedControl_ConfigureFlags(timer.sched_control, timer.context, budget, wait, 0, 0, 0);
        if (timer.armed)
                seL4_TCB_Resume(timer.tcb);
        else
                timer.bell();
        timer.armed = true;
}

/* Unless it is on its way to an earlier one. */
static void arm(void)
{
        uint64_t at = nearest(), now;

        if (!timer.context || at == UINT64_MAX || timer.stuck)
                return;
        now = clock_us();
        if (timer.armed && timer.deadline + TIMER_LATE_US < now) {
                timer.stuck = true;
                seL4_Signal(timer.again);
                return;
        }
        if (!timer.armed || at < timer.deadline)
                send_off(now, at);
}

void timer_wake_at(unsigned who, uint64_t us)
{
        if (timer.watch[who].deadline == us)
                return;
        timer.watch[who].deadline = us;
        arm();
}

static void ring(struct watch *w)
{
        uint64_t was = w->deadline;

        w->deadline = 0;
        if (w->word)
                __atomic_compare_exchange_n(w->word, &was, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
        if (w->signal)
                seL4_Signal(w->signal);
        else
                timer.tell();
}

void timer_wake_apart(unsigned who, uint64_t us)
{
        enum { APART_US = 50 };
        uint64_t now = clock_us();

        timer_wake_at(who, us <= now ? 0 : us < now + APART_US ? now + APART_US : us);
        if (us && us <= now)
                ring(&timer.watch[who]);
}

/* --- the driver --- */

const char *timer_device(struct device *device)
{
        memset(device, 0, sizeof(*device));
        return "kernel";
}

void timer_begins(void *shared, void (*poke)(void))
{
        timer.shared = shared;
        timer.bell = poke;
        timer.armed = timer.stuck = timer.served = false;
        timer.rung = timer.shared->rung = 0;
        arm();
}

void timer_runs(seL4_CPtr tcb, seL4_CPtr context)
{
        timer.tcb = tcb;
        timer.context = context;
        arm();
}

/* A signal without a ring is one from before its end, or a lie. */
bool timer_hear(void)
{
        uint64_t rung = __atomic_load_n(&timer.shared->rung, __ATOMIC_ACQUIRE), now = clock_us();

        if (timer.stuck)
                return false;
        if (rung == timer.rung)
                return true;
        timer.rung = rung;
        timer.armed = false;
        timer.served = true;
        for (unsigned i = 0; i < TIMER_WATCHERS; i++) {
                if (timer.watch[i].deadline && timer.watch[i].deadline <= now)
                        ring(&timer.watch[i]);
        }
        arm();
        return true;
}

void timer_lost(void)
{
        timer.armed = false;
}

/* Nobody is woken for time any more; a line has said why. */
void timer_gone(void)
{
        timer.context = seL4_CapNull;
}

/* One that nobody has asked for anything has not failed. */
bool timer_useful(void)
{
        return timer.served && !timer.stuck;
}
