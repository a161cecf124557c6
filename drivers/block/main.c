/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk behind virtio-mmio, as a driver of the starter OS: the class "block" (queue/block.h) with the server as its client.
 *
 * It has what sos/driver.h names and nothing else.  The client's data are not mapped here: a request says where they are in the memory
 * that struct driver_start names, and the device gets their physical address. */
#include <queue/block.h>
#include <sel4/sel4.h>
#include <sos/block.h>
#include <virtio/block.h>

#include "sos/driver.h"

struct flying {
        struct block_request request; /* first: a pointer to it is a pointer to this struct */
        uint32_t id;
};

static struct virtio_block disk;
static struct queue_block queue;
static uint32_t state[SOS_BLOCK_SLOTS];
static struct flying flying[SOS_BLOCK_SLOTS]; /* by number */

static void done(struct block_request *r, bool good)
{
        const struct flying *f = (const struct flying *)r;

        queue_block_end(&queue, f->id, good ? QUEUE_BLOCK_OK : QUEUE_BLOCK_IO, good ? r->count : 0);
}

static void open_disk(const struct driver_start *start)
{
        struct virtio_memory memory = {(void *)DRIVER_MEMORY, start->memory_paddr};
        volatile void *registers = (volatile char *)DRIVER_REGISTERS + start->registers;

        if (start->memory_bytes < VIRTIO_BLOCK_MEMORY || !virtio_block_probe(&disk, registers, NULL) ||
            !virtio_block_start(&disk, &memory))
                driver_end("the device cannot be started", true);
}

static void open_queue(const struct driver_start *start)
{
        struct sos_block *shared = (struct sos_block *)DRIVER_SHARED;
        struct queue_block_disk limits = {disk.blocks, start->clients_bytes, disk.read_only};

        if (!queue_block_open(&queue, shared->queue, SOS_BLOCK_SLOTS, state, &limits))
                driver_end("the queue cannot be set up", true);
        shared->info.read_only = disk.read_only;
        shared->info.capacity = disk.blocks;
        shared->info.queue_depth = (uint16_t)disk.queue.slots;
        __atomic_store_n(&shared->info.ready, 1, __ATOMIC_RELEASE);
        seL4_Signal(DRIVER_CLIENT);
}

/* The queue has checked each request: blocks of the disk, inside the memory of clients. */
static void serve(const struct driver_start *start)
{
        struct queue_block_request r;

        while (queue_block_next(&queue, &r)) {
                struct flying *f = &flying[r.id];

                f->id = r.id;
                f->request = (struct block_request){.operation = (enum block_operation)r.code,
                                                    .count = r.count,
                                                    .block = r.block,
                                                    .paddr = start->clients_paddr + r.offset,
                                                    .done = done};
                virtio_block_submit(&disk, &f->request);
        }
        virtio_block_kick(&disk);
}

/* Without an answer nobody is woken: otherwise the two sides would wake each other for ever. */
static void step(const struct driver_start *start, seL4_Word badge)
{
        uint32_t before = queue.out.position;

        if (badge & DRIVER_BADGE_INTERRUPT) {
                virtio_block_interrupt(&disk);
                if (disk.device
                            .dead) /* requests that have been accepted are given to the device again after its reset */
                        driver_end("the device has failed", false);
                seL4_IRQHandler_Ack(DRIVER_INTERRUPT);
        }
        serve(start);
        if (queue.broken)
                driver_end("the queue is broken", false);
        if (queue.out.position != before && ring_must_wake(&queue.out))
                seL4_Signal(DRIVER_CLIENT);
}

int main(void)
{
        const struct driver_start start = *(const struct driver_start *)DRIVER_SHARED;
        seL4_Word badge = 0;

        open_disk(&start);
        open_queue(&start);
        seL4_IRQHandler_Ack(DRIVER_INTERRUPT);
        for (;;) {
                step(&start, badge);
                badge = 0;
                if (ring_may_sleep(&queue.in))
                        seL4_Wait(DRIVER_SIGNALS, &badge);
        }
}
