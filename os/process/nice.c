/* SPDX-License-Identifier: BSD-2-Clause */
/* See nice.h. */
#include "os/process/nice.h"
#include "os/process/process_parts.h"

enum { LONGEST_US = 100000 };

/* The length of a turn at that nice value, if an ordinary turn is `us`. */
static unsigned long turn(unsigned long us, int to)
{
        for (; to > 0; to--)
                us -= us / 5;
        for (; to < 0 && us < LONGEST_US; to++)
                us += us / 4;
        return us;
}

void thread_be_nice(struct process *p, int nice)
{
        if (!p->time.turn_us)
                p->time.turn_us = p->time.budget_us;
        p->time.nice = (int8_t)(nice < NICE_LEAST ? NICE_LEAST : nice > NICE_MOST ? NICE_MOST : nice);
        if (p->time.charged)
                return; /* its part of the time is for others to say */
        p->time.budget_us = p->time.period_us = turn(p->time.turn_us, p->time.nice);
        thread_consumed(p);
        if (p->kernel.sc.ut)
                task_set_turn(p);
}
