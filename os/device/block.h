/* SPDX-License-Identifier: BSD-2-Clause */
/* The block device: the first virtio block device of the machine, if there is one.
 *
 * Requests are asynchronous (virtio.h); their ends come through block_interrupt, which the server calls with the badge that
 * has arrived on its notification.
 */
#pragma once

#include <sel4/sel4.h>

#include "os/device/virtio_block.h"

/* Find the device and start it.  Its interrupt signals `notification`, the one that the server waits on.  The size in
 * blocks, 0 when there is none. */
uint64_t block_open(seL4_CPtr notification);

void block_submit(struct block_request *r);

/* Once open: does the device refuse to be written? */
bool block_read_only(void);
void block_interrupt(seL4_Word badge);

/* For the time of booting, when nobody is kept from being served: submit `count` requests and wait for their ends on
 * `notification`.  False when one of them failed. */
bool block_wait(struct block_request *r, unsigned count, seL4_CPtr notification);
