/* SPDX-License-Identifier: BSD-2-Clause */
/* Buffers of shared memory that two sides hand to each other and do not copy.  Neither side needs to trust the other.
 *
 *              owner (a client)          shared memory              other side (a server)
 *              private:                  +------------------+       private:
 *               which buffers            | ring: given      | --->   which buffers
 *               are its own     ------>  | ring: returned   | <---   are its own
 *                                        | buffer 0 1 2 ... |
 *                                        +------------------+
 *
 *      owner:  queue_give(&q, offset, length);   other:  while (!queue_take(&q, &item)) {
 *              if (queue_must_wake(&q))                          if (queue_may_sleep(&q)) seL4_Wait(work, &badge);
 *                      seL4_Signal(work);                }
 *                                                        ... use the buffer at item.offset ...
 *                                                        queue_give(&q, item.offset, item.length);
 *
 * Both sides have the same functions.  At the start all buffers are the owner's, empty or not: a client that transmits owns
 * filled buffers and gets empty ones back; one that receives gives empty ones and gets them back filled.
 *
 * Invariants, in private memory of each side, whatever the other writes:
 *      - a buffer is ours, or it is not; only ours can be given, only one that is not ours can be taken.  So the other side
 *        cannot hand over a buffer twice, nor one that does not exist;
 *      - an item that was taken lies inside: offset a multiple of the buffers' size, length at most that size;
 *      - a breach is the end of the queue (`broken`): nothing is taken or given any more, and nobody waits for it.
 * The giver may change the content of a buffer at any time; check a copy where it matters.
 *
 * Cost: O(1), no kernel call; signals only to a side that sleeps (ring/ring.h has the order of accesses).
 * The classes of devices over it: docs/io/.
 */
#pragma once

#include <ring/ring.h>

/* A buffer that changes hands.  In the layout of a network descriptor of sDDF. */
struct queue_item {
        uint64_t offset; /* of the buffer in the shared region, in bytes */
        uint16_t length; /* bytes of it that mean something */
        uint8_t tag;     /* the class's; passed on as it is */
        uint8_t zero[5];
};
_Static_assert(sizeof(struct queue_item) == 16 && offsetof(struct queue_item, length) == 8 &&
                       offsetof(struct queue_item, tag) == 10,
               "as a network descriptor of sDDF");

/* What both sides must agree about, and the memory of this side. */
struct queue_shape {
        void *memory;         /* shared: queue_bytes(slots), zero at the start, 64-byte aligned */
        uint32_t slots;       /* of each ring: a power of two, at least `buffers` */
        uint32_t buffers;     /* how many there are */
        uint32_t buffer_size; /* bytes, up to 65,535 */
        uint64_t *ours;       /* private: queue_words(buffers) words */
};

struct queue {
        struct ring out, in;
        uint64_t *ours; /* a bit per buffer */
        uint32_t buffers, buffer_size;
        uint32_t away; /* buffers that the other side has */
        bool broken;
};

static inline size_t queue_bytes(uint32_t slots)
{
        return 2 * ring_bytes(slots, sizeof(struct queue_item));
}

static inline uint32_t queue_words(uint32_t buffers)
{
        return (buffers + 63) / 64;
}

/* One side of a queue; `owner`: all buffers are ours.  False when the shape is impossible. */
bool queue_open(struct queue *q, const struct queue_shape *shape, bool owner);

/* Hand over the buffer at `offset`.  False: not a buffer of ours, a length beyond it, or the queue is broken; nothing has
 * happened then. */
bool queue_give(struct queue *q, uint64_t offset, uint32_t length, uint8_t tag);

/* Take what the other side has handed over; it is ours then.  False: nothing there, or broken. */
bool queue_take(struct queue *q, struct queue_item *item);

/* Before waiting for something to take: true if there is still nothing.  After giving: does the other side sleep? */
bool queue_may_sleep(struct queue *q);
bool queue_must_wake(struct queue *q);

/* Is this buffer ours?  Buffers that are not ours are those that the other side held when it died. */
bool queue_is_ours(const struct queue *q, uint64_t offset);

/* Copy `length` bytes into a buffer that the other side has given us to fill, and give it back.  False: it has given none,
 * or one that is too small (which goes back empty): the bytes are dropped, and nobody waits.  `region` is where we see the
 * buffers. */
bool queue_deliver(struct queue *q, void *region, const void *bytes, uint32_t length);
