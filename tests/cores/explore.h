/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to go through what several cores can do. */
#pragma once

#include "tests/cores/work.h"

/* Two operations at once, in each interleaving with at most `bound` switches away from a core that could have gone on: the result is that
 * of one of the two orders.  At most `most` of the interleavings, spread over all by `seed`.  Returns how many were tried. */
word explore_pair(enum operation first, enum operation second, word bound, word most, word seed);

/* `steps` choices at random, operations at random; the checker wherever all cores stand still.  Returns how many operations. */
word explore_walk(word seed, word steps);
