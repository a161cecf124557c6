/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves whose pages are a large group (frame.h), all and in order: they can be mapped as one.
 *
 * When one of the pages is to be unmapped, all are; one that is to be mapped alone is copied first, for its frame has no capability of
 * its own.  Invariant: while a leaf is mapped as one (LEAF_LARGE), its records name the frames of one group, and its mapping is that
 * of the group's capability. */
#pragma once

#include "os/memory/space.h"

/* `va`, the first address of a leaf, is touched: where that is likely to be worth it, and memory is plentiful, all of the leaf gets a
 * large group, and is mapped.  Cost: that of clearing 2 MiB, once. */
void large_fill(struct space *s, seL4_Word va);

/* Map the leaf of `p`, a page of a large group, as one, or leave its mapping as it is; writable where the region is and no frame is shared,
 * and these pages are dirty then.  False: that is not possible, or `p` is to be written and would not be writable.
 * Cost: some instructions a page, unless it is mapped already. */
bool large_map(struct space *s, struct leaf *leaf, const struct region *r, struct page *p, seL4_Word va,
               bool write);

/* A leaf that is mapped as one is not any more, nor any of its pages. */
void large_remove(struct leaf *leaf);
