/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtio block device (virtio-mmio, the legacy register layout that QEMU's `virt` has by default).
 *
 * One request at a time: the caller waits for the device's interrupt.  Blocks are 4 KiB.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { BLOCK_SIZE = 4096 };

/* Find the first block device and start it; its size in blocks, 0 when there is none. */
uint64_t block_open(void);

/* Move one block between the device and the page of memory at this physical address. */
bool block_read(uint64_t block, uint64_t paddr);
bool block_write(uint64_t block, uint64_t paddr);
