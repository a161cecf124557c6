/* SPDX-License-Identifier: BSD-2-Clause */
/* See nice.h. */
#include "os/process/nice.h"
#include "os/process/process_parts.h"

enum { LONGEST_US = 100000, REAL_TIME_US = 1000000, REST_PART = 20 };

/* The length of a turn at that nice value, if an ordinary turn is `us`. */
static unsigned long turn(unsigned long us, int to)
{
        for (; to > 0; to--)
                us -= us / 5;
        for (; to < 0 && us < LONGEST_US; to++)
                us += us / 4;
        return us;
}

static unsigned long turn_of(const struct process *p)
{
        switch (p->time.policy) {
        case POLICY_FIFO:
        case POLICY_ROUND_ROBIN:
                return REAL_TIME_US;
        case POLICY_IDLE:
                return turn(p->time.turn_us, NICE_MOST);
        default:
                return turn(p->time.turn_us, p->time.nice);
        }
}

/* What was not changed yet is usual. */
static void keep_usual(struct process *p)
{
        if (!p->time.turn_us)
                p->time.turn_us = p->time.budget_us;
        if (!p->time.usual)
                p->time.usual = p->time.priority;
}

static void take_turn(struct process *p)
{
        if (p->time.charged)
                return; /* its part of the time is for others to say */
        p->time.budget_us = p->time.period_us = turn_of(p);
        if (policy_is_real_time(p->time.policy)) /* the rest is for ordinary ones, who may end it */
                p->time.budget_us -= p->time.period_us / REST_PART;
        thread_consumed(p);
        if (p->kernel.sc.ut)
                task_set_turn(p);
}

void thread_be_nice(struct process *p, int nice)
{
        keep_usual(p);
        p->time.nice = (int8_t)(nice < NICE_LEAST ? NICE_LEAST : nice > NICE_MOST ? NICE_MOST : nice);
        take_turn(p);
}

static unsigned long priority_of(const struct process *p)
{
        unsigned long wanted = p->time.usual + (p->time.level + 1u) / 2;
        unsigned long most = p->time.usual > CHILD_PRIORITY_MAX ? p->time.usual : CHILD_PRIORITY_MAX;

        return wanted < most ? wanted : most;
}

void thread_be_of(struct process *p, enum policy policy, unsigned level)
{
        keep_usual(p);
        p->time.policy = (uint8_t)policy;
        p->time.level = (uint8_t)level;
        p->time.priority = priority_of(p);
        take_turn(p);
        if (p->kernel.tcb.ut)
                seL4_TCB_SetPriority(p->kernel.tcb.cap, seL4_CapInitThreadTCB, p->time.priority);
}

void nice_inherit(struct process *to, const struct process *from)
{
        to->time.priority = from->time.priority;
        to->time.usual = from->time.usual;
        to->time.turn_us = from->time.turn_us;
        to->time.nice = from->time.nice;
        to->time.policy = from->time.policy;
        to->time.level = from->time.level;
        if (!from->time.resets)
                return;
        to->time.nice = to->time.nice < 0 ? 0 : to->time.nice;
        if (policy_is_real_time(to->time.policy))
                to->time.policy = POLICY_OTHER;
        thread_be_of(to, to->time.policy, 0);
}
