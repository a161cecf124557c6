/* SPDX-License-Identifier: BSD-2-Clause */
/* A ring of items in shared memory between one writer and one reader who need not trust each other.
 *
 *      writer:  while (!ring_put(&ring, &item)) { if (ring_may_sleep(&ring)) seL4_Wait(room, &badge); }
 *               if (ring_must_wake(&ring)) seL4_Signal(items);
 *      reader:  while (!ring_get(&ring, &item)) { if (ring_may_sleep(&ring)) seL4_Wait(items, &badge); }
 *               if (ring_must_wake(&ring)) seL4_Signal(room);
 *
 * No lock, no kernel call.  Each side keeps its own position and the sizes in memory of its own and reads only the other's
 * position, which it checks: whatever the other side writes, no access leaves the ring's memory.  An impossible position is a permanent
 * error (`broken`).  ring_get copies the item; check the copy, because the writer may still change the original.
 *
 * A side that sleeps says so first and then looks again (ring_may_sleep); a side that has changed something looks whether the other
 * sleeps (ring_must_wake): no wake-up is lost, and none is sent to a side that is awake.  Spurious signals are possible.
 *
 * Order: an item is written before its position is stored with release, and read after it was loaded with acquire.
 * Cost: O(item); indices lie in cache lines of their own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RING_LINE = 64, RING_HEAD = 2 * RING_LINE };

/* One side's line in shared memory: its position, counted without wrapping at the size, and whether it sleeps. */
struct ring_side {
        uint32_t position;
        uint32_t sleeps;
        char rest[RING_LINE - 8];
};

struct ring {
        struct ring_side *own, *other;
        char *items;
        uint32_t count, item;    /* a power of two; bytes: a multiple of 8, or 1 */
        uint32_t position, seen; /* ours; the other's when last looked at */
        bool writes, broken;
};

/* Bytes of shared memory for `count` items. */
static inline size_t ring_bytes(uint32_t count, uint32_t item)
{
        return RING_HEAD + (size_t)count * item;
}

/* One side of the ring in `memory` (zero at the start, 64-byte aligned).  Both sides must name the same sizes.  False if
 * they are impossible: count a power of two up to 2^31, item a multiple of 8, or 1 for a ring of characters. */
bool ring_open(struct ring *ring, void *memory, uint32_t count, uint32_t item, bool writes);

/* After ring_open, by a side that has lost its private memory but not the shared one: go on at the position that was stored last.  Whether
 * that can be shows at the next look at the other side. */
void ring_resume(struct ring *ring);

/* Reader: there is nothing, or so it seems. */
static inline bool ring_is_empty(const struct ring *ring)
{
        return __atomic_load_n(&ring->other->position, __ATOMIC_ACQUIRE) == ring->position;
}

/* Put a copy of *item in; false when full or broken. */
bool ring_put(struct ring *ring, const void *item);

/* Take the oldest item out into *item; false when empty or broken. */
bool ring_get(struct ring *ring, void *item);

/* Up to `count` items at once, in order: how many it were.  One store of the position for all of them. */
uint32_t ring_put_many(struct ring *ring, const void *items, uint32_t count);
uint32_t ring_get_many(struct ring *ring, void *items, uint32_t count);

/* The same in parts, of which the other side sees nothing before ring_move: how many items there is room for, or are there, now; put
 * or get `count` of them, the first one `ahead` of the position; and move the position behind so many.  What is asked for must lie
 * within what ring_ready has said; false, and nothing is copied or moved, if not.  ring_span: the items at the position that lie together
 * in memory, their number in *count, for a caller that passes them to a function that copies. */
uint32_t ring_ready(struct ring *ring);
bool ring_put_at(struct ring *ring, uint32_t ahead, const void *items, uint32_t count);
bool ring_get_at(struct ring *ring, uint32_t ahead, void *items, uint32_t count);
bool ring_move(struct ring *ring, uint32_t count);
const void *ring_span(struct ring *ring, uint32_t *count);

/* Before waiting: true if there is still nothing to do.  False: try again. */
bool ring_may_sleep(struct ring *ring);

/* The same for a side that waits for more than one item or for a change while there are some: it sleeps, whatever there is, and must look
 * once more before it waits (ring_ready). */
void ring_sleeps(struct ring *ring);

/* After put or get: does the other side wait for it?  Asked once per sleep. */
bool ring_must_wake(struct ring *ring);
