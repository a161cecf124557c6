/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to explore what several cores can do. */
#pragma once

#include "tests/cores/work.h"

/* Two operations at once, in each interleaving with at most `bound` switches away from a core that could have continued: the result is that
 * of one of the two orders.  At most `most` of the interleavings, spread over all by `seed`.  Returns how many were tried. */
word explore_pair(enum operation first, enum operation second, word bound, word most, word seed);

/* `steps` random choices, random operations; the checker runs wherever all cores stand still.  Returns how many operations. */
word explore_walk(word seed, word steps);
