/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to explore what several cores can do. */
#pragma once

#include "tests/cores/work.h"

/* What is explored: the machine before any operation, a caller that is asked for one, whether what follows from an operation waits
 * (a bit for each caller), the state; names of operations.  Those of work.h, unless another one is set. */
struct world {
        void (*make)(void);
        void (*ask)(word me, enum operation operation);
        void (*hold)(word held);
        word (*digest)(void);
        const char *const *name;
};
extern const struct world *explore_world;

/* Two operations at once, in each interleaving with at most `bound` switches away from a core that could have continued: the result is that
 * of one of their orders.  At most `most` of the interleavings, spread over all by `seed`.  Returns how many were tried. */
word explore_pair(enum operation first, enum operation second, word bound, word most, word seed);

/* Both at once by the door: one is inside, and leaves, while the other is at each place on its way to sleep at the door.  Returns how
 * many there are. */
word explore_sleeper(enum operation first, enum operation second);

/* `steps` random choices, random operations; the checker runs wherever all cores stand still.  Returns how many operations. */
word explore_walk(word seed, word steps);

/* A core that has been told of a thread is told of a more urgent one, at each place on its way to the first.  Returns how many there
 * are. */
word explore_told_again(void);

/* The first one on its way to each of its first `most` points, and the second one waits there. */
word explore_waiting(enum operation first, enum operation second, word most);
