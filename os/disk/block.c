/* SPDX-License-Identifier: BSD-2-Clause */
/* See block.h. */
#include "os/disk/block.h"
#include "device/device.h"
#include "irq/irq.h"
#include "os/init/frame.h"
#include "os/init/object.h"
#include "os/init/server.h"

#define TRANSPORTS_PADDR 0x0a000000ull

enum { TRANSPORTS = 32, STRIDE = 0x200, PER_PAGE = BLOCK_SIZE / STRIDE, FIRST_IRQ = 48 };

static struct {
        struct virtio device;
        unsigned left; /* requests of block_wait that have not ended */
        bool bad;      /* one of them failed */
} block;

static bool find(unsigned *number)
{
        for (unsigned page = 0; page < TRANSPORTS / PER_PAGE; page++) {
                volatile char *registers = sos_map_device(
                        &root_cspace, TRANSPORTS_PADDR + page * (uint64_t)BLOCK_SIZE, BLOCK_SIZE);

                for (unsigned i = 0; registers && i < PER_PAGE; i++) {
                        *number = page * PER_PAGE + i;
                        if (virtio_probe(&block.device, registers + i * STRIDE))
                                return true;
                }
        }
        return false;
}

static int interrupt(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        virtio_interrupt(&block.device);
        return 0;
}

uint64_t block_open(seL4_CPtr notification)
{
        unsigned number;
        frame_id ring;

        if (!find(&number))
                return 0;
        sos_init_irq_dispatch(&root_cspace, seL4_CapIRQControl, notification, SIGNAL_FLAG, SIGNAL_LINES);
        ring = frame_take_zero();
        if (!ring || irq_attach(FIRST_IRQ + number, true, interrupt, NULL) ||
            !virtio_start(&block.device, frame_data(ring), frame_paddr(ring)))
                return 0;
        return block.device.blocks;
}

void block_submit(struct block_request *r)
{
        virtio_submit(&block.device, r);
}

void block_interrupt(seL4_Word badge)
{
        irq_dispatch(badge & (SIGNAL_FLAG | SIGNAL_LINES));
}

static void count(struct block_request *r, bool good)
{
        (void)r;
        block.left--;
        block.bad |= !good;
}

bool block_wait(struct block_request *r, unsigned number, seL4_CPtr notification)
{
        seL4_Word badge;

        block.left = number;
        block.bad = false;
        for (unsigned i = 0; i < number; i++) {
                r[i].done = count;
                block_submit(&r[i]);
        }
        while (block.left > 0) {
                seL4_Wait(notification, &badge);
                block_interrupt(badge);
        }
        return !block.bad;
}
