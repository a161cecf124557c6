/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtio devices behind memory-mapped registers (version 2), as the guest's drivers see them.
 *
 * Nothing that a guest writes is trusted: a queue outside of its memory, a chain without an end, or more offers than the queue is long
 * (requests can change their number, so there could always be one more), makes the device ask for a reset, and nothing else.  A chain is
 * looked at once, and used from the copy.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { VIRTIO_QUEUES = 2, VIRTIO_PARTS = 16, VIRTIO_QUEUE_MOST = 128, VIRTIO_CONFIG_BYTES = 64 };

struct virtio_part {
        unsigned char *at;
        uint32_t bytes;
        bool writable; /* by the device */
};

struct virtio_chain {
        uint16_t head;
        unsigned parts;
        struct virtio_part part[VIRTIO_PARTS];
};

struct virtio_slot {
        uint32_t id;
        uint64_t features; /* offered, besides VERSION_1 */
        unsigned char config[VIRTIO_CONFIG_BYTES];
        unsigned queues;
        void (*notify)(struct virtio_slot *v, unsigned queue);
        void (*reset)(struct virtio_slot *v); /* or NULL: nothing is kept */
        unsigned irq;
        /* What the driver has written. */
        uint32_t status, interrupts, device_select, driver_select, queue_select;
        uint64_t accepted;
        struct {
                uint32_t size, ready;
                uint64_t descriptors, available, used;
                uint16_t next, done;
        } queue[VIRTIO_QUEUES];
};

/* Behind a copy of what the guest's other processors may be writing: what is used from here on is the copy, not another look. */
static inline void virtio_copied(void)
{
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* A slot for it, in the order of the calls; its id and what follows up to `notify` are set. */
void virtio_add(struct virtio_slot *v);

/* The driver has made a chain available.  The next one; false when there is none, or it is none. */
bool virtio_waits(const struct virtio_slot *v, unsigned queue);
bool virtio_take(struct virtio_slot *v, unsigned queue, struct virtio_chain *chain);

/* Bytes that fit into a chain from its start. */
uint32_t virtio_room(const struct virtio_chain *chain);

/* Copy between bytes and a chain, from `skip` bytes of it on: how many it were, those parts being all readable, or all writable, by the
 * device. */
uint32_t virtio_get(const struct virtio_chain *chain, uint32_t skip, void *to, uint32_t bytes);
uint32_t virtio_put(const struct virtio_chain *chain, uint32_t skip, const void *from, uint32_t bytes);

/* It is used, with so many bytes written; the driver is told by virtio_tell. */
void virtio_give(struct virtio_slot *v, unsigned queue, const struct virtio_chain *chain, uint32_t bytes);
void virtio_tell(struct virtio_slot *v);
