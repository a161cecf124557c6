/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system does not use of the disk, as the file /dev/spare: blocks behind its areas on a disk with a label that has grown since, or
 * all of a disk that it left alone, for instance one with a table of partitions.  Guests get parts of it (os/monitor/disk.c).
 *
 * A position counts from the first such block; no access reaches any other.  A write is answered when the device has completed it, and
 * is on the medium after a flush.  Nothing is kept in memory.
 *
 *      n = spare_begin(&want, &t);                  n bytes are with the device: as many as it pleases, one at least
 *      while (spare_end(&t) == FILE_BLOCKS) wait in spare_queue(t)
 *
 * Each transfer has a queue of its own, so its end wakes whom it concerns.  Whole blocks from or to whole private pages of a program go
 * between the device and these pages (hold.h), with a request for each run of pages that lie together; others through up to SPARE_BUFFERS
 * frames of the server, and are copied once.  For a part of a block that is written the block is read first; meanwhile no other
 * write to that block begins.
 *
 * Cost of each function: a piece of the server (pace.h) at most.
 */
#pragma once

#include <stdbool.h>

#include "os/device/block.h"
#include "os/memory/space.h"

struct wait_queue;
struct spare_transfer;

/* So many at once; with all of them pages of programs, in so many runs; the most pages of one; frames for one that is copied. */
enum { SPARE_TRANSFERS = 32, SPARE_PAGES = 1024, SPARE_RUNS = 512, SPARE_PIECE = 256, SPARE_BUFFERS = 8 };

/* Bytes of the disk from `at` on, and of the program's memory from `va` on. */
struct spare_want {
        enum block_operation operation;
        uint64_t at;
        size_t size;
        struct space *space;
        seL4_Word va;
};

/* Blocks of the device from `first` on, to its end.  There is no such file when there are none. */
void spare_open(uint64_t first, uint64_t blocks, bool read_only);

/* Begin: how many bytes it is of (1 when it flushes).  0: the disk ends there, or nothing is wanted; FILE_BLOCKS: too much is under way,
 * try again when spare_room has moved; or -SOS_E*, after which it can be tried again if memory is awaited (swap_awaited). */
long spare_begin(const struct spare_want *want, struct spare_transfer **t);

/* FILE_BLOCKS: it has not ended.  Otherwise 0 or -SOS_E*, and it is gone (NULL), unless memory is awaited: then ask again. */
long spare_end(struct spare_transfer **t);

/* What it is of. */
const struct spare_want *spare_about(const struct spare_transfer *t);

/* Something of it is with the device. */
bool spare_moves(const struct spare_transfer *t);

/* Nobody asks for its end any more: what is with the device goes on, and nothing is copied. */
void spare_leave(struct spare_transfer *t);

/* Pages that the device is through with go in pieces; a transfer ends when the last of its pages has gone.  Are there some; one piece. */
bool spare_leaving(void);
void spare_leave_some(void);

struct wait_queue *spare_queue(struct spare_transfer *t);
struct wait_queue *spare_room(void);
