/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of physical memory as short ascending lists, and cutting memory into pieces for untyped caps.
 *
 * Plain arithmetic without state, so that it can be tested anywhere.  Cost: linear in the number of regions.
 */
#pragma once

#include "core/word.h"
#include "handover.h"

enum { REGIONS_MAX = 80 };

/* Disjoint, ascending, none empty.  `lost`: a region did not fit. */
struct regions {
        word count;
        bool lost;
        struct handover_range range[REGIONS_MAX];
};

/* Add a range; what it shares with the set is taken once. */
void regions_add(struct regions *r, struct handover_range range);

/* Take a range out. */
void regions_remove(struct regions *r, struct handover_range range);

/* The piece that begins at the start of a non-empty range: the largest power of two that fits, is aligned and is an
 * allowed size.  Returns its size in bits; pieces that are too small for an untyped are returned too. */
word piece_bits(struct handover_range range);
