/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's time: one reading per accounted entry, charged to the scheduling context that ran (scheduling.md 2, 8).
 *
 * Level 3.  Ticks are counts of the 64-bit system counter.
 */
#pragma once

#include "core/word.h"

enum { KERNEL_WCET_US = 10 };

void clock_start(void); /* boot: before anything that knows time */

word ticks_from_us(word us);
word us_from_ticks(word ticks);
word budget_min(void);    /* ticks */
word budget_min_us(void); /* as error messages say it */
word period_max_us(void);

/* Read the counter and add the time since the last reading to what `charged` owes. */
void clock_account(void);

/* Take what is owed from the refills of `charged`. */
void clock_settle(void);

/* Deadline for the next interrupt, when one of its inputs changed. */
void clock_program(void);
