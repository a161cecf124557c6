/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system does not use of the disk, as the file /dev/spare: blocks behind its areas on a disk with a label that has grown since, or
 * all of a disk that it left alone, for instance one with a table of partitions.  Guests get parts of it (os/monitor/disk.c).
 *
 * A position counts from the first such block; no access reaches any other.  One page is transferred at a time.  A write is answered when
 * the device has completed it, and is on the medium after spare_flush.
 *
 * Results: bytes, FILE_BLOCKS (ask again, the same, after spare_queue has moved), or -SOS_E*.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wait_queue;

/* Blocks of the device from `first` on, to its end.  There is no such file when there are none, or no memory for its page. */
void spare_open(uint64_t first, uint64_t blocks, bool read_only);

/* Up to the end of a page.  At the end 0 is read, and nothing can be written (ENOSPC). */
long spare_read(uint64_t at, void *to, size_t size);
long spare_write(uint64_t at, const void *from, size_t size);

/* 0: all that was written is on the medium. */
long spare_flush(void);
struct wait_queue *spare_queue(void);
