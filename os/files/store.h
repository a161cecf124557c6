/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that survive: everything under /disk, kept on the block device.
 *
 * Format: two halves of the device (label.h).  The first block of a half is a header (struct store_header), behind it
 * lies a CPIO archive of the whole of /disk.  A change is written as a new archive into the older half, its header last;
 * so at any moment one half is whole, and the one with the higher generation and a right sum counts.  On another machine
 * `dd skip=2 bs=4k | cpio -i` reads the first.
 *
 * The tree itself lives in memory (node.h).  Writing goes on in the background from a snapshot, a few pages at a time,
 * while clients are served; a change that comes meanwhile is written by the next pass.  A file is marked for writing when it
 * is made, when its last writer closes it, and when somebody syncs while it is open for writing.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stdint.h>

#include "os/device/label.h"

#define STORE_MAGIC     0x32657061546c6c41ull
#define STORE_MAGIC_OLD 0x31657061546c6c41ull /* the sum is one of bytes; read, never written */

struct store_header {
        uint64_t magic, generation;
        uint64_t size; /* bytes of the archive */
        uint64_t sum;  /* disk_sum of the archive, begun with its size */
};

/* Find the device, make /disk and fill it; `serve` as block_open has it.  Nothing happens when there is no device.  A file system of
 * others is read and written by a program, which `program` starts (volume.h).  The areas of the device, all empty when there are none. */
struct disk_areas store_open(void (*serve)(void), bool (*program)(void));

/* Something under /disk has changed. */
struct node;
void store_changed(const struct node *n);

/* Begin to write when something has changed (store_pending) and it is time (store_due, microseconds since boot, 0: never);
 * never waits.  Passes take at most a fifth of the time, unless somebody waits for one (store_hurry). */
void store_settle(void);
bool store_pending(void);
uint64_t store_due(void);

/* For callers that wait for what has changed so far: the pass that will have written it, 0: nothing is to be written; has
 * it ended (-SOS_EIO: badly, and no later one well)?  1: not yet.  Asked for after a pass that failed, another one is tried. */
uint64_t store_pass(void);
long store_passed(uint64_t pass);

/* Where to wait for the end of a pass. */
struct wait_queue;
struct wait_queue *store_queue(void);

/* Is a change not on the device yet?  Then its pass begins at once.  It is false, too, when writing has failed: it is tried
 * again at the next change. */
bool store_hurry(void);
