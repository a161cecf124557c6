/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to explore what several cores can do. */
#pragma once

#include "tests/cores/work.h"

/* Two operations at once, in each interleaving with at most `bound` switches away from a core that could have continued: the result is that
 * of one of the two orders.  At most `most` of the interleavings, spread over all by `seed`.  Returns how many were tried. */
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
