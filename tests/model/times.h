/* SPDX-License-Identifier: BSD-2-Clause */
/* A model of scheduling contexts: the arithmetic of replenishments, written from the specification (scheduling.md 6) and sharing
 * nothing with the kernel.
 *
 * A list is a plain array, first to last.  Invariants: its amounts add up to the budget; it is ordered by time.  A round-robin
 * context (period 0) has two amounts, what is left of the slice and what is used.
 */
#pragma once

#include "tests/model/lists.h"

typedef unsigned long q_ticks;

enum { Q_REFILLS = 8 };

/* One scheduling context: who holds it, the notification it belongs to, and the reply objects it was lent through, oldest first. */
struct q_time {
        q_ticks budget, period;
        bool sporadic;
        int max, count;
        struct {
                q_ticks time, amount;
        } refill[Q_REFILLS];
        int holder, signal;
        struct q_list lent;
};

/* New parameters for one that nobody holds, full from `now` on (scheduling.md 5.1).  `period` equal to `budget`: round robin. */
void q_time_fresh(struct q_time *s, q_ticks budget, q_ticks period, int max, q_ticks now);

bool q_time_is_usable(const struct q_time *s, q_ticks now);
bool q_time_has(const struct q_time *s, q_ticks ticks);

/* Charging and advancing (scheduling.md 6). */
void q_time_charge(struct q_time *s, q_ticks ticks, q_ticks min);
void q_time_advance(struct q_time *s, q_ticks now);
