/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's time: one reading per accounted entry, charged to the scheduling context that ran (scheduling.md 2, 8).
 *
 * Level 4.  Ticks are counts of the 64-bit system counter.
 */
#pragma once

#include "arch/arch.h"
#include "core/state.h"
#include "core/word.h"

enum { KERNEL_WCET_US = 10 };

void clock_start(void); /* boot: before anything that knows time */

void clock_start_core(void); /* the same for each core */

void clock_set_rate(word hz); /* what follows from the counter's frequency */

word ticks_from_us(word us);
word us_from_ticks(word ticks);
word budget_min(void);    /* ticks */
word budget_min_us(void); /* as error messages say it */
word period_max_us(void);

/* Read the counter.  `charged` owes the time since core->since. */
static inline void clock_account(void)
{
        this_core()->now = arch_now();
}

/* Time of `charged` not yet taken from its refills, ticks. */
static inline word clock_unpaid(const struct core *core)
{
        return core->now - core->since;
}

/* The same of another core, whose `now` may be long past: until this moment. */
static inline word clock_unpaid_elsewhere(const struct core *core)
{
        word now = arch_now();

        return now > core->since ? now - core->since : 0;
}

/* Take what is owed from the refills of `charged`. */
void clock_settle(void);

/* The charged context has too little left for its thread to continue. */
bool budget_is_over(void);

/* Less than MIN is left of the domain's time. */
bool domain_is_over(void);
