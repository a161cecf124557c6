/* SPDX-License-Identifier: BSD-2-Clause */
/* A device behind virtio-mmio, in both register layouts (version 1, "legacy", and version 2), and its queues.
 *
 *      virtio_open(&v, registers, NULL, VIRTIO_NET)        is it one?
 *      virtio_begin(&v, wanted)                            reset, features; v.features says what was agreed
 *      virtio_queue_open(&q, &v, 0, &memory, slots, 2)     each queue
 *      virtio_ready(&v)
 *
 *      slot = virtio_queue_take(&q);                       a free chain of `parts` descriptors
 *      virtio_queue_part(&q, slot, 1, address, length, false);
 *      virtio_queue_submit(&q, slot, 2); ... virtio_queue_kick(&q);
 *
 *      virtio_acknowledge(&v);                             first, in the handler of the interrupt
 *      while (virtio_queue_finished(&q, &slot, &length))   then; the slot is free again
 *
 * Pure: no system call, no allocation; tests put a model behind the registers.  The device is not trusted: sizes it offers are taken as
 * limits, and waits for it are bounded.  An answer for a slot that it does not have is counted and ends the use of the device (`dead`;
 * unless `forgiving`), as does its own request for a reset; after that nothing is handed to it.
 *
 * Source: Virtual I/O Device (VIRTIO) 1.2, sections 2.7 (split queues), 3.1 (start), 4.2 (mmio).  Cost: O(1) each, but
 * virtio_begin, which waits for the reset.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum virtio_kind { VIRTIO_NET = 1, VIRTIO_BLOCK = 2 };
enum { VIRTIO_QUEUE_MAX = 256, VIRTIO_LINE = 64, VIRTIO_PAGE = 4096 };
#define VIRTIO_VERSION_1 (1ull << 32)

/* What stands behind the registers in a test: accesses of 1 or 4 bytes. */
struct virtio_access {
        uint32_t (*read)(volatile void *registers, uint32_t offset, unsigned bytes);
        void (*write)(volatile void *registers, uint32_t offset, uint32_t value);
};

struct virtio {
        volatile void *registers;
        const struct virtio_access *access; /* NULL: real registers */
        uint64_t offered, features;         /* by the device; those of them that we wanted */
        uint32_t lies;                      /* answers that cannot be */
        bool modern, dead;
        bool forgiving; /* an answer that belongs to nothing is counted and skipped, and what was finished before the end counts */
};

/* Memory for one queue: virtio_queue_bytes(), a page at least, on the border of a page.  It is cleared when the queue is opened, not
 * before:
 * a device that was at work writes there until its reset is over. */
struct virtio_memory {
        void *at;
        uint64_t paddr;
};

struct virtio_descriptor;
struct virtio_available;
struct virtio_used;

struct virtio_queue {
        struct virtio *device;
        struct virtio_descriptor *descriptor;
        struct virtio_available *available;
        struct virtio_used *used;
        uint32_t number, size, parts, slots,
                free;              /* queue number; descriptors; of a slot; slots; those that are free */
        uint16_t next, told, seen; /* entries made; made known; answers seen */
        uint16_t free_slot[VIRTIO_QUEUE_MAX]; /* a stack */
        bool with_device[VIRTIO_QUEUE_MAX];
};

/* Bytes of memory for a queue of `size` descriptors, a power of two. */
static inline size_t virtio_queue_bytes(uint32_t size)
{
        return (16 * (size_t)size + 6 + 2 * (size_t)size + VIRTIO_LINE - 1) / VIRTIO_LINE * VIRTIO_LINE + 6 +
               8 * (size_t)size;
}

/* Is there a device of this kind behind these registers? */
bool virtio_open(struct virtio *v, volatile void *registers, const struct virtio_access *access,
                 enum virtio_kind kind);

/* Reset it and agree about features.  False: it does not come out of its reset, or refuses. */
bool virtio_begin(struct virtio *v, uint64_t wanted);

/* The most descriptors that queue `number` may have. */
uint32_t virtio_queue_most(const struct virtio *v, uint32_t number);

/* Queue `number` with `slots` slots of `parts` descriptors, or as many as the device takes: q->slots.  False: not even one.
 * `memory` is for the next power of two of slots * parts descriptors. */
bool virtio_queue_open(struct virtio_queue *q, struct virtio *v, uint32_t number,
                       const struct virtio_memory *memory, uint32_t slots, uint32_t parts);

/* All queues are open: the device may begin. */
void virtio_ready(struct virtio *v);

/* Of the device's own registers, by offset from their beginning. */
uint8_t virtio_config8(const struct virtio *v, uint32_t offset);

/* Both halves of one number, although the device may change it between. */
bool virtio_config64(const struct virtio *v, uint32_t offset, uint64_t *value);

/* The reason of the interrupt is taken back; false: the device is dead. */
bool virtio_acknowledge(struct virtio *v);

/* A free slot, -1: all are with the device, or it is dead. */
int virtio_queue_take(struct virtio_queue *q);
void virtio_queue_part(struct virtio_queue *q, uint32_t slot, uint32_t part, uint64_t paddr, uint32_t length,
                       bool device_writes);

/* Hand the slot over, with its first `parts` parts; the device is told by the next kick. */
void virtio_queue_submit(struct virtio_queue *q, uint32_t slot, uint32_t parts);

/* Make what was submitted known, and notify the device if it wants to be. */
void virtio_queue_kick(struct virtio_queue *q);

/* The next slot that the device is through with, and how many bytes it has written.  False: none. */
bool virtio_queue_finished(struct virtio_queue *q, uint32_t *slot, uint32_t *length);

/* Interrupts for finished slots on or off (a hint).  After switching on, look once more. */
void virtio_queue_interrupts(struct virtio_queue *q, bool on);
