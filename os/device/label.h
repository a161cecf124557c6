/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies where on the disk.
 *
 *      block 0            the label (struct disk_label), written once
 *      block 1 ...        two halves of the same size for files (store.h)
 *      behind them        swap
 *
 * A fresh device (first block all zero) is divided when it is first seen: a quarter for each half and the rest for swap,
 * or two halves only below 32 MiB.  Devices without a label whose halves begin at block 0 and in the middle come from
 * the time before labels: they are used as they are, and have no swap.  A device with any other first block is left alone.
 *
 * Pure; numbers are little-endian, sizes in blocks of 4 KiB.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LABEL_MAGIC 0x6b73694461726573ull

struct disk_areas {
        uint64_t half[2], half_blocks;
        uint64_t swap, swap_blocks;
};

struct disk_label {
        uint64_t magic, blocks; /* of the whole device when it was divided */
        struct disk_areas areas;
        uint64_t sum; /* of the bytes before it */
};

/* The label in a first block; false when it is none, is damaged, or reaches beyond a device of this size. */
bool label_read(const void *block, uint64_t blocks, struct disk_areas *areas);

/* Divide a fresh device, and write the label's block (4 KiB).  False: too small for files. */
bool label_make(void *block, uint64_t blocks, struct disk_areas *areas);

/* Where the halves of a device without label are. */
struct disk_areas label_old(uint64_t blocks);

/* Behind all of them. */
uint64_t label_end(const struct disk_areas *areas);

/* The sum used for labels and files, begun with `value`: over words of 8 bytes, the last one filled up with zeros.  Pieces
 * may be added one after the other when all but the last are multiples of 8 bytes. */
uint64_t disk_sum(uint64_t value, const void *bytes, uint64_t size);
