/* SPDX-License-Identifier: BSD-2-Clause */
/* See charge.h. */
#include "os/process/charge.h"
#include "sos/clock.h"

/* So many times in a budget the kernel is asked what the process has used: that is a call, too. */
enum { ASKED_PARTS = 16 };

static uint64_t period_end(const struct process *p)
{
        return p->charge.begun_us + p->time.period_us;
}

static void begin_period(struct process *p, uint64_t now)
{
        p->charge.begun_us = now;
        p->charge.served = 0;
        p->charge.asked_us = 0;
        p->charge.used_us = 0;
        p->charge.before_us = thread_consumed(p);
}

bool charge_work(struct process *p, uint64_t since)
{
        uint64_t served_us;

        if (!p->time.charged)
                return false;
        if (clock_us() >= period_end(p))
                begin_period(p, clock_scaled(since, 1000000));
        p->charge.served += clock_ticks() - since;
        served_us = clock_scaled(p->charge.served, 1000000);
        if (served_us - p->charge.asked_us >= p->time.budget_us / ASKED_PARTS) {
                p->charge.asked_us = served_us;
                p->charge.used_us = thread_consumed(p) - p->charge.before_us;
        }
        return served_us + p->charge.used_us >= p->time.budget_us;
}

void charge_rests(struct process *p)
{
        p->charge.rests = !seL4_TCB_Suspend(p->kernel.tcb.cap);
        alarm_set(&p->call.deadline, &p->call.waiter, period_end(p));
}

void charge_waits(struct process *p)
{
        call_stops_waiting(&p->call);
        alarm_set(&p->call.deadline, &p->call.waiter, period_end(p));
}

void charge_look(struct process *p)
{
        if (!p->charge.rests || clock_us() < period_end(p))
                return;
        p->charge.rests = false;
        alarm_set(&p->call.deadline, NULL, 0);
        charge_resume(p);
}

void charge_resume(struct process *p)
{
        if (!p->charge.rests)
                seL4_TCB_Resume(p->kernel.tcb.cap);
}
