/* SPDX-License-Identifier: BSD-2-Clause */
/* One state of a litmus test, and its steps (step.c). */
#pragma once

#include "litmus.h"

struct instance {
        uint8_t pc, done, value; /* a load's value; which way a branch was guessed */
        uint8_t stale;           /* a load: its location was written by somebody since */
};

struct thread_state {
        uint8_t pc, count;
        uint8_t event, watched; /* the event register; 1 + the location whose writing sets it */
        uint8_t reg[REGISTERS];
        struct instance at[WINDOW];
};

/* Bytes without holes: states are compared as such. */
struct state {
        uint8_t memory[LOCATIONS];
        uint8_t locked[LOCATIONS]; /* 1 + the thread between its exclusive load and store */
        struct thread_state thread[THREADS];
};

_Static_assert(sizeof(struct state) == 2 * LOCATIONS + THREADS * (4 + REGISTERS + 4 * WINDOW), "no holes");

/* Whether instruction `i` of those begun by `thread` may take effect now, and its effect. */
bool step_may(const struct program *p, const struct state *s, unsigned thread, unsigned i, bool early);
void step_do(const struct program *p, struct state *s, unsigned thread, unsigned i);

/* Does everything that only thread-local facts decide: fences, branches, which instructions end and begin.  Returns the thread that has to
 * guess a branch (step_guess), or THREADS. */
unsigned step_settle(const struct program *p, struct state *s);
void step_guess(const struct program *p, struct state *s, unsigned thread, bool taken);

bool step_is_end(const struct program *p, const struct state *s);
