/* SPDX-License-Identifier: BSD-2-Clause */
/* The block device, as the client of its driver, which is a process (drivers/block): requests of the rest of the system go into the ring
 * of the class "block", ends come out of it.
 *
 * Requests are asynchronous.  At most SOS_BLOCK_SLOTS are with the driver, the others wait in order.  Each ends by exactly one call of its
 * `done`, from block_hear, or at once from block_submit when there is no driver any more; until then it and its page stay what they are.
 *
 * When the driver ends, what it has not answered waits in its old order, before what came later, and is asked of the next one.  Asking
 * twice is harmless: a block that is written twice holds the same.  The driver is not trusted: it can damage the disk and the pages that it
 * is given, and nothing else here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <virtio/block.h>

/* Its driver begins with `shared` (sos/block.h), and hears of requests by `poke`; it has signalled (false: it says what cannot be); it has
 * ended; it will not come back.  Also: has it served requests, or had it nothing to do? */
void block_begins(void *shared, void (*poke)(void));
bool block_hear(void);
void block_lost(void);
void block_gone(void);
bool block_useful(void);
bool block_is_gone(void);

/* A driver that has not answered anything for so long, while requests are with it, is ended: block_hear says false, and this is true. */
enum { BLOCK_PATIENCE_US = 30 * 1000 * 1000 };
bool block_hangs(void);

/* Wait until the driver has looked at the disk, if there is one; `serve` serves one event of the system, faults of drivers among them,
 * and is kept for block_wait.  The size in blocks, 0 when there is no disk. */
uint64_t block_open(void (*serve)(void));

/* It has had its time to look at the disk: if it has not, a line says so, and there is no disk. */
void block_give_up(void);

void block_submit(struct block_request *r);

/* Once open: does the device refuse to be written? */
bool block_read_only(void);

/* For the time of booting, when nobody is kept from being served: submit `count` requests and wait for their ends.  False when one
 * of them failed. */
bool block_wait(struct block_request *r, unsigned count);
