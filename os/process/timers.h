/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers that send signals (timer_create of Linux): records of one pool, in the list of their process.
 *
 * While the signal of a timer is pending, it is not sent again; how often its time has come meanwhile is counted.
 */
#pragma once

#include "os/process/signals/signal.h"

enum { TIMERS = 512 };

struct timer {
        struct process *leader; /* NULL: unused */
        struct timer *next;     /* of the same process */
        struct process *thread; /* that gets the signal; NULL: any of the process */
        struct alarm alarm;
        uint64_t interval_us; /* 0: it comes once */
        int id, signal;       /* 0: none is sent */
        bool date;            /* its absolute times count from 1970 */
        bool on_used;         /* its times are those that its process, or one thread of it, uses: */
        int used_by;          /* that thread, 0: all of them */
        uint64_t used_at;     /* and this it waits for, microseconds; 0: it is not set */
        seL4_Word value;      /* that the handler is told */
        unsigned missed,
                missed_before; /* since the signal was sent that was the last, and the one before it */
};

/* One for the process of `p`, not set; NULL when there are too many.  That of a number; NULL: there is none. */
struct timer *timer_make(struct process *p);
struct timer *timer_find(const struct process *p, int id);

/* What had been used on that timer's account when it was counted last (process_count_some), microseconds; of a thread that has ended it
 * stays 0. */
uint64_t timer_used(const struct timer *t);

/* At that time, microseconds since boot or of what is used (0: not at all), and again whenever so much later. */
void timer_set(struct timer *t, uint64_t at, uint64_t interval_us);

void timer_delete(struct timer *t);

/* All of a process, as it ends or becomes another program. */
void timers_drop(struct process *leader);

/* How often its time had come again when its signal was last taken, or has come since. */
unsigned timer_missed(const struct timer *t);

/* Send what is due. */
void timers_ring(struct process *leader);

/* The timers on the time that a process uses: USED_VIRTUAL sends SIGVTALRM, USED_PROFILE SIGPROF, USED_LIMIT
 * SIGXCPU, or SIGKILL (limits.h); all time counts for all.  Nobody tells
 * when a thread has used so much, so it is looked at, as late as it can be reached at the earliest, and not more often than every
 * USED_TICK_US, and so much more for each 64 threads.  What has been used so far must be counted before one is set or its rest is
 * asked for. */
enum used { USED_VIRTUAL, USED_PROFILE, USED_LIMIT, USED_TIMERS };
enum { USED_TICK_US = 2000 };
void used_timer_set(struct process *leader, enum used which, uint64_t left, uint64_t interval);
uint64_t used_timer_left(struct process *leader, enum used which); /* 0: not set */
void used_timers_ring(struct process *leader);
void used_timers_drop(struct process *leader);
