/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtio block device and its requests.  Pure: no system call, no allocation; tests put a model behind the registers.
 *
 *      virtio_block_submit(&b, &request); ... virtio_block_kick(&b);
 *
 * Up to VIRTIO_BLOCK_SLOTS requests, or as many as the device's queue takes, are with the device, the others wait in order.  Requests for
 * blocks that follow each other, submitted before one kick or waiting, are one for a device with a large queue, up to
 * VIRTIO_BLOCK_JOINED of them; when it fails, each is tried alone, so that an error is that of a request.
 * The device may finish them in any order.  Each request ends by exactly one call of its `done`: from virtio_block_interrupt, or
 * at once from virtio_block_submit when the device has failed, or when it has no cache that could be flushed.  Until then it and its
 * memory belong to the driver.  `done` may submit again.
 */
#pragma once

#include <virtio/virtio.h>

enum { BLOCK_SIZE = 4096, VIRTIO_BLOCK_SLOTS = 16, VIRTIO_BLOCK_JOINED = 6, VIRTIO_BLOCK_MEMORY = 4096 };

enum block_operation { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_request {
        enum block_operation operation;
        uint16_t count; /* of blocks; nothing for BLOCK_FLUSH, as the next two */
        bool alone;     /* the driver's: it is not joined with others */
        uint64_t block; /* number of the first block on the device */
        uint64_t paddr; /* of the memory, from the border of a page on */
        void (*done)(struct block_request *r, bool good);
        struct block_request *next; /* the driver's */
};

struct virtio_block_extra;

struct virtio_block {
        struct virtio device;
        struct virtio_queue queue;
        struct virtio_block_extra *extra; /* what goes with each request, behind the queue */
        uint64_t extra_paddr;
        uint64_t blocks; /* size of the device */
        bool can_flush;  /* it has a cache that can be flushed */
        bool read_only;
        struct block_request *slot[VIRTIO_BLOCK_SLOTS]; /* with the device: the first one of each chain */
        struct block_request *last;     /* of a chain that others may join; NULL: there is none, */
        uint32_t last_slot, last_parts; /* its slot, and the parts that it has so far */
        uint32_t joined;                /* the most requests of a chain */
        struct block_request *waiting, *waits_last; /* not yet */
};

/* Is there a block device behind these registers (`access` NULL: real ones)? */
bool virtio_block_probe(struct virtio_block *b, volatile void *registers, const struct virtio_access *access);

/* Start the device; `memory` is one page, whatever is in it.  False: the device refuses, takes not even one request, or does not come
 * out of its reset. */
bool virtio_block_start(struct virtio_block *b, const struct virtio_memory *memory);

/* Cost: constant.  The device is notified by the next kick: one register write for everything submitted. */
void virtio_block_submit(struct virtio_block *b, struct block_request *r);
void virtio_block_kick(struct virtio_block *b);

/* The device has interrupted: acknowledge it, end what is finished, start what waits; then kick. */
void virtio_block_interrupt(struct virtio_block *b);
