/* SPDX-License-Identifier: BSD-2-Clause */
/* Long random runs (see explore.h).  A seed determines the whole run. */
#include "tests/cores/explore.h"

static word state;

static word random_below(word n)
{
        state = state * 6364136223846793005 + 1442695040888963407;
        return (state >> 33) % n;
}

/* Mostly the core that ran before: short stretches of one core, as on a real machine. */
static word at_random(word able, word last)
{
        word n;

        if (able >> last & 1 && random_below(4))
                return last;
        do
                n = random_below(MACHINE_CORES);
        while (!(able >> n & 1));
        return n;
}

word explore_walk(word seed, word steps)
{
        word operations = 0, begun = 0;

        state = seed;
        while (begun < steps) {
                machine_choice = NULL;
                work_make();
                machine_choice = at_random;
                for (word turn = 0; turn < 40 && begun + machine_steps < steps; turn++) {
                        for (word me = 0; me < CALLERS; me++) {
                                if (work_is_done(me))
                                        work_ask(me, random_below(OPERATIONS)), operations++;
                        }
                        machine_run();
                        machine_check();
                }
                begun += machine_steps;
        }
        machine_choice = NULL;
        return operations;
}
