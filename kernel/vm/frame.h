/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames in address spaces.
 *
 * Level 9.  A frame cap names at most one mapping, and only as long as the entry at that place is a page
 * of this frame and size; otherwise the cap is stale and reaches nothing.
 */
#pragma once

#include "vm/table.h"

/* The level of the tables whose entries are pages of the frame's size. */
static inline word frame_table_level(struct cap frame)
{
        return PTE_LEVEL_LAST - frame_level(frame);
}

/* The entry of the mapping that a frame cap names, or NULL when it is not mapped or stale. */
word *frame_entry(struct cap frame);

/* Write `page` into an entry for (asid, va), replacing any page there; old translations are gone on return. */
void frame_install(word *entry, word page, word asid, word va);

/* Undo the mapping that a frame cap names, if it still exists.  Cost: constant. */
void frame_unmap(struct cap frame);

/* The same while a trace runs: it tells, and stops when the frame, which is its memory, goes (`gone`). */
void frame_unmap_traced(struct cap frame, bool gone);
