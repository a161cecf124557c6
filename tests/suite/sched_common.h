/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of scheduling share: a trace of who ran when, threads that spin, mark and wait, and raw invocations.
 *
 * The test itself has priority 200 and all the time it wants, so its subjects run only while it sleeps or steps back.
 * Times are microseconds.
 */
#pragma once

#include "machine.h"
#include "suite.h"

enum { LOWER = 90, EQUAL = 100, UPPER = 120, TOP = 150, TRACE_MAX = 256 };
enum { MIN_US = 20, SLACK_US = 60, MS = 1000 };

/* --- the trace --- */

extern volatile word trace[TRACE_MAX], trace_time[TRACE_MAX], trace_length;

void trace_clear(void);
void mark(word id);      /* also notes the time */
word trace_digits(void); /* the marks as one decimal number */
int near(word value, word wanted, word tolerance);

#define NEAR(value, wanted, tolerance)                                                                       \
        do {                                                                                                 \
                word near_got = (word)(value), near_wanted = (word)(wanted);                                 \
                if (!near(near_got, near_wanted, (tolerance)))                                               \
                        suite_fail(__FILE__, __LINE__, #value " near " #wanted, near_got, near_wanted);      \
        } while (0)

/* --- threads --- */

void marks(word id, word unused);            /* mark once and end */
void spins(word helper, word unused);        /* count in helper->step for ever */
void waits_then_marks(word ntfn, word id);   /* wait, mark, again */
void yields_and_marks(word id, word unused); /* mark, Yield, again */

void spawn_spinner(struct helper *h, word priority, word budget, word period);
void spawn_at(struct helper *h, word priority, helper_fn *fn, word a, word b, word budget, word period);

/* Spins for ever, noting its first two gaps: when it had to stop and when it went on. */
struct gaps {
        volatile word begin, stop[2], resume[2], found;
};
void notes_gaps(word gaps, word ntfn); /* waits for `ntfn` first, unless 0 */

/* --- scheduling contexts --- */

struct budget {
        word budget, period, extra, badge, flags;
};

static inline struct budget plain(word budget, word period)
{
        return (struct budget){.budget = budget, .period = period};
}

static inline struct budget refills(word budget, word period, word extra)
{
        return (struct budget){.budget = budget, .period = period, .extra = extra};
}

word configure(word sc, struct budget b); /* an error number */
word sc_of_bits(word bits);               /* unconfigured */
void give(struct helper *h, word budget, word period, word flags);
word consumed(word sc);
word max_us(void);                     /* the largest time that can be given */
word runs(struct helper *h, word us);  /* does its step move while the test sleeps so long? */
word share(struct helper *h, word us); /* per mille of so long that its context consumed */

/* --- invocations word by word --- */

struct invocation {
        word cap, label, length, mr[5], caps, extra[3];
};

word invoke(const struct invocation *i); /* the label answered; message words are in the IPC buffer */
int range_is(word low, word high);       /* the bounds that the last RangeError named */
