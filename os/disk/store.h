/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that survive: everything under /disk, kept on the block device.
 *
 * Format: the device is two halves.  The first block of a half is a header (struct store_header), behind it lies a CPIO
 * archive of the whole of /disk.  A change is written as a new archive into the older half, its header last; so at any
 * moment one half is whole, and the one with the higher generation and a right sum counts.  On another machine
 * `dd skip=1 bs=4k | cpio -i` reads it.
 *
 * The tree itself lives in memory (os/fs); a file is written out when its last writer closes it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define STORE_MAGIC 0x31657061546c6c41ull

struct store_header {
        uint64_t magic, generation;
        uint64_t size; /* bytes of the archive */
        uint64_t sum;
};

/* Find the device, make /disk and fill it.  Nothing happens when there is no device. */
void store_open(void);

/* Something under /disk has changed: write it out at the next store_settle. */
struct node;
void store_changed(const struct node *n);
bool store_pending(void);
void store_settle(void);
