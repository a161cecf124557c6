/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers and the queue of a virtio block device behind virtio-mmio, in both register layouts (version 1, "legacy",
 * and version 2).  Pure: no system call, no allocation; tests put a model behind the registers.
 *
 * Up to VIRTIO_SLOTS requests, or as many as the device's queue takes, are with the device, the others wait in order.  The device may finish them in any order.
 * Each request ends by exactly one call of its `done`: from virtio_interrupt, or at once from virtio_submit when the device
 * has given up.  Until then it and its page belong to the driver.  `done` may submit again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { BLOCK_SIZE = 4096, VIRTIO_SLOTS = 32 };

enum block_operation { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_request {
        enum block_operation operation;
        uint64_t block; /* number of the block on the device; nothing for BLOCK_FLUSH */
        uint64_t paddr; /* the page of memory */
        void (*done)(struct block_request *r, bool good);
        struct block_request *next; /* the driver's */
};

/* What stands behind the registers in a test. */
struct virtio_model {
        uint32_t (*read)(volatile void *registers, uint32_t offset);
        void (*write)(volatile void *registers, uint32_t offset, uint32_t value);
};

struct virtio_ring;

struct virtio {
        volatile void *registers;
        const struct virtio_model *model; /* NULL: real registers */
        struct virtio_ring *ring;
        uint64_t paddr;         /* of the ring */
        uint64_t blocks;        /* size of the device */
        uint32_t queue, slots;  /* length of the queue; requests that fit: VIRTIO_SLOTS or what the device takes */
        bool modern, can_flush; /* register layout; the device has a cache that can be flushed */
        bool read_only;
        bool dead;              /* the device has given up; every request fails */
        uint16_t seen;          /* answers of the device handled so far */
        struct block_request *slot[VIRTIO_SLOTS];   /* with the device */
        struct block_request *waiting, *waits_last; /* not yet */
};

/* Is there a block device behind these registers?  Fills in `registers` and `modern`; `model` must be set. */
bool virtio_probe(struct virtio *v, volatile void *registers);

/* Start the device; `ring` is one zeroed page of memory at `paddr`.  False: the device refuses, takes not even one request,
 * or does not come out of its reset. */
bool virtio_start(struct virtio *v, void *ring, uint64_t paddr);

/* Cost: constant, plus a register write. */
void virtio_submit(struct virtio *v, struct block_request *r);

/* The device has interrupted: acknowledge it, end what is finished, start what waits. */
void virtio_interrupt(struct virtio *v);
