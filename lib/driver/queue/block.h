/* SPDX-License-Identifier: BSD-2-Clause */
/* The class "block": requests to a disk and their answers, many in flight, answered in any order (docs/io/block.md).
 *
 *      client:  queue_block_ask(&c, &request, &id); if (ring_must_wake(&c.out)) seL4_Signal(disk);
 *               while (queue_block_answered(&c, &answer)) ...            answer.id is one that was asked
 *      server:  while (queue_block_next(&s, &request)) ...             each is possible, its id is free until the end
 *               queue_block_end(&s, request.id, QUEUE_BLOCK_OK, request.count);
 *
 * A block is 4,096 bytes, data lie in the client's region.  Numbers of a request are 0 to slots - 1, given by the client's
 * half of this library.  The server's half judges each request before its user sees it: one that asks for what the disk or
 * the region has not is answered QUEUE_BLOCK_INVALID at once; a number that is in use or too large is the end of the queue,
 * and so is, at the client, an answer to nothing, an unknown status or more blocks than were asked for.
 *
 * A barrier is answered when all requests before it have ended, and none after it begins earlier.  Cost: O(1) each.
 */
#pragma once

#include <ring/ring.h>

enum { QUEUE_BLOCK_SIZE = 4096, QUEUE_BLOCK_SLOTS_MAX = 1024, QUEUE_BLOCK_BUSY = 1 << 30 };

enum queue_block_code { QUEUE_BLOCK_READ, QUEUE_BLOCK_WRITE, QUEUE_BLOCK_FLUSH, QUEUE_BLOCK_BARRIER };

enum queue_block_status {
        QUEUE_BLOCK_OK,
        QUEUE_BLOCK_UNSPECIFIED,
        QUEUE_BLOCK_INVALID, /* impossible: nothing was done */
        QUEUE_BLOCK_IO,      /* the device says so */
        QUEUE_BLOCK_NO_DEVICE,
};

/* Requests, answers and the disk's page are laid out as those of sDDF. */
struct queue_block_request {
        uint32_t code, zero;
        uint64_t offset; /* of the data in the client's region */
        uint64_t block;
        uint16_t count, zero2; /* blocks; 0 for flush and barrier */
        uint32_t id;
};

struct queue_block_answer {
        uint32_t status;
        uint16_t count, zero; /* blocks done */
        uint32_t id, zero2;
};
_Static_assert(sizeof(struct queue_block_request) == 32 &&
                       offsetof(struct queue_block_request, count) == 24 &&
                       offsetof(struct queue_block_request, id) == 28 &&
                       offsetof(struct queue_block_answer, id) == 8,
               "as sDDF's");

/* What the server says about the disk, in a page of its own that clients only read. */
struct queue_block_info {
        char serial[64];
        uint8_t read_only, ready; /* `ready` is stored last, with release, and loaded first, with acquire */
        uint16_t sector_size, block_size, queue_depth, cylinders, heads, blocks, zero;
        uint64_t capacity; /* of blocks of 4,096 bytes */
};
_Static_assert(offsetof(struct queue_block_info, sector_size) == 66 &&
                       offsetof(struct queue_block_info, capacity) == 80,
               "as sDDF's");

struct queue_block_disk {
        uint64_t blocks;       /* on the disk */
        uint64_t region_bytes; /* of the client's memory for data */
        bool read_only;
};

struct queue_block {
        struct ring out, in; /* of the client: requests, answers; of the server the reverse */
        uint32_t *
                state; /* private: for each number QUEUE_BLOCK_BUSY and the blocks asked for, or the next free one */
        uint32_t slots, in_flight, free;
        struct queue_block_disk disk; /* the server's */
        struct queue_block_request held;
        bool holds; /* a barrier that waits, or something behind one */
        bool broken;
};

static inline size_t queue_block_bytes(uint32_t slots)
{
        return ring_bytes(slots, sizeof(struct queue_block_request)) +
               ring_bytes(slots, sizeof(struct queue_block_answer));
}

/* One side in `memory` (shared, queue_block_bytes(slots), zero, 64-byte aligned) with `state`, private, one element for each
 * slot.  `disk` NULL: the client's.  False when `slots` is no power of two up to QUEUE_BLOCK_SLOTS_MAX. */
bool queue_block_open(struct queue_block *q, void *memory, uint32_t slots, uint32_t *state,
                      const struct queue_block_disk *disk);

/* Ask; fills in request->id.  False: as many as there are slots are in flight, or broken. */
bool queue_block_ask(struct queue_block *q, struct queue_block_request *request);

/* The next answer; its number is free again.  False: none, or broken. */
bool queue_block_answered(struct queue_block *q, struct queue_block_answer *answer);

/* Server: the next request that is possible.  False: none for now, or broken. */
bool queue_block_next(struct queue_block *q, struct queue_block_request *request);

/* Server: a request has ended with `count` blocks done.  False: no such request is in flight, or broken. */
bool queue_block_end(struct queue_block *q, uint32_t id, enum queue_block_status status, uint16_t count);
