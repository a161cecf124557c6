/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of several cores share, on the runner of the suite.  They are compiled and packed for four cores.
 *
 * The test itself stays on core 0; no event on another core is waited for by time: UNTIL steps back until it
 * has happened, and only gives up after very many turns.
 */
#pragma once

#include "../suite/machine.h"
#include "../suite/suite.h"

enum { CORES = 4, BELOW = 90, EQUAL = 100, ABOVE = 120, TURN_US = 977 };

/* The long form (tests/smp/long) runs with real concurrency as the host has time for it: it is patient. */
#ifdef SMP_LONG
enum { TURNS = 2000000, CALLS = 333334, PARCELS = 1000000, RING_ROUNDS = 100000, STRESS = 20 };
#else
enum { TURNS = 20000, CALLS = 2000, PARCELS = 1000, RING_ROUNDS = 200, STRESS = 1 };
#endif

#define UNTIL(condition)                                                                                     \
        do {                                                                                                 \
                for (word turn_ = 0; !(condition); turn_++) {                                                \
                        if (turn_ == TURNS)                                                                  \
                                suite_fail(__FILE__, __LINE__, "until " #condition, 0, 0);                   \
                        sleep_us(TURN_US);                                                                   \
                }                                                                                            \
        } while (0)

/* Release and acquire of a word that two cores use. */
static inline word get(const volatile word *at)
{
        return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static inline void put(volatile word *at, word value)
{
        __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

word control_of(word core);         /* the SchedControl capability */
word place(word sc, word core);     /* 10 ms round robin there; an error number */
word affinity(word tcb);            /* core(T); 0 on the release kernel */
void send_ipi(word core, word sgi); /* debug kernel */
void spawn_on(struct helper *h, word core, word priority, helper_fn *fn, word a, word b);
void counts(word helper, word unused); /* h->step for ever, without a system call */
void yields(word helper, word unused); /* the same, and yields each time */
int moves(struct helper *h);           /* its step goes on */
int rests(struct helper *h);           /* its step stays where it is, while other cores run */
void turns_elsewhere(void);            /* every core completes several turns of its own threads */
