/* SPDX-License-Identifier: BSD-2-Clause */
/* A scheduling context: the right to use time, as a list of replenishments (spec scheduling.md 5 to 9).
 *
 * Level 4.  A replenishment is `amount` ticks usable from absolute `time` on.  The list is a ring buffer in the object
 * itself, ordered by time, disjoint (time + amount <= next time), and its amounts always add up to the budget.  A
 * round-robin context (period 0) has two: what is left of the slice and what is used.
 * Advancing merges all that is due into the head, but only some at a time: then the list is `behind`, and what is left is
 * merged when it matters: when the head is used up, the ring is full, or the whole head is asked for.  Meanwhile the head
 * ends later than its successors begin, and everything comes out as if all had been merged at once.
 */
#pragma once

#include "core/state.h"

struct notification;
struct reply;

struct refill {
        word time;   /* Written by refill. */
        word amount; /* Written by refill, sched_context, sched. */
};

struct sched_context {
        word period; /* ticks; 0: round robin.  Written by refill. */
        word budget; /* ticks.  Written by refill. */
        /* Ticks charged since the last reading, less what that one had of ticks not charged yet.  Written by clock, sched_context, sched,
         * cores. */
        word consumed;
        struct thread *thread; /* Written by donation, reply. */

        /* Top of the stack of reply objects it was lent through.  Written by reply, binding. */
        struct reply *reply;

        struct notification *notification; /* Written by binding. */
        struct thread *yielder;            /* Written by yield, life. */
        word badge;           /* user's word, delivered in timeout faults.  Written by inv_sched. */
        uint32_t head, count; /* refill[head..] of a ring of `max`.  Written by refill. */
        uint32_t max;         /* 0: unconfigured.  Written by refill, donation, inv_sched. */
        uint32_t sporadic;    /* Written by inv_sched. */
        word behind; /* not 0: refills behind the head are due and not merged into it yet.  Written by refill. */
        word core; /* on which it may be used; another one's than 0 only with several cores.  Written by inv_sched. */
        struct refill refill[];
};

_Static_assert(sizeof(struct sched_context) == 96, "(2^n - 96) / 16 refills fit");

static inline struct refill *sc_head(struct sched_context *s)
{
        return &s->refill[s->head];
}

static inline bool sc_is_configured(const struct sched_context *s)
{
        return s->max != 0;
}

static inline bool sc_is_round_robin(const struct sched_context *s)
{
        return s->period == 0;
}

/* A slice of a round-robin context begins. */
static inline void sc_begin_slice(struct sched_context *s)
{
        s->refill[0].amount = s->budget;
        s->refill[1].amount = 0;
}

/* The next budget lies not in the future: head.time <= now (and configured). */
static inline bool sc_is_usable(struct sched_context *s)
{
        return sc_is_configured(s) && (sc_is_round_robin(s) || sc_head(s)->time <= this_core()->now);
}

/* head.amount - unpaid >= MIN; `unpaid` ticks have been used already. */
bool sc_has_budget(struct sched_context *s, word unpaid);

/* List arithmetic of section 6; pure, tested on its own. */
void sc_refill_fresh(struct sched_context *s, word max, word budget, word period, word now);
void sc_refill_update(struct sched_context *s, word max, word budget, word period, word now);
void sc_charge(struct sched_context *s, word ticks);
void sc_advance(struct sched_context *s, word now);

/* Merge some more of a list that is behind.  Cost: REFILL_MERGES turns. */
void sc_catch_up(struct sched_context *s);
enum { REFILL_MERGES = 48, REFILL_MERGES_COST = REFILL_MERGES * 25 };

/* Advance when a sporadic context's thread becomes runnable (section 7). */
void sc_thread_woken(struct sched_context *s);

/* Microseconds consumed since the last reading; restarts the counter.  What a context owes that another core uses just now is in it; that
 * core charges it later, and then it is not consumed once more. */
word sc_take_consumed(struct sched_context *s);

/* Ticks consumed since the last reading, as far as they are charged: 0 if the last reading had more than that. */
static inline word sc_consumed(const struct sched_context *s)
{
        return (int64_t)s->consumed < 0 ? 0 : s->consumed;
}
