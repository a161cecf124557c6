/* SPDX-License-Identifier: BSD-2-Clause */
/* See block.h. */
#include "os/device/block.h"
#include "irq/irq.h"
#include "os/core/console.h"
#include "os/core/object.h"
#include "os/core/signals.h"
#include "os/device/board.h"
#include "sel4/report.h"

static struct {
        struct virtio_block device;
        unsigned left; /* requests of block_wait that have not ended */
        bool bad;      /* one of them failed */
} block;

static bool find(struct device *device)
{
        for (unsigned i = 0; board_virtio(i, device); i++) {
                if (virtio_block_probe(&block.device, device->registers, NULL))
                        return true;
                device_close(device);
        }
        return false;
}

static int interrupt(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        virtio_block_interrupt(&block.device);
        return 0;
}

uint64_t block_open(seL4_CPtr notification)
{
        struct device device;
        struct virtio_memory ring;

        if (!find(&device))
                return 0; /* a machine without a disk */
        if (!device.has_interrupt) {
                report("board: the disk at 0x%lx has no interrupt of ours and is not used", device.paddr);
                return 0;
        }
        sos_init_irq_dispatch(&root_cspace, seL4_CapIRQControl, notification, SIGNAL_FLAG, SIGNAL_LINES);
        ring.at = vspace_new_pages(&root_vspace, 0, 1, VSPACE_RW);
        ring.paddr = ring.at ? vspace_lookup(&root_vspace, (seL4_Word)ring.at).paddr : 0;
        if (!ring.at || irq_attach(device.interrupt, device.edge, interrupt, NULL) ||
            !virtio_block_start(&block.device, &ring)) {
                console_print("disk: the device cannot be used: no memory or interrupt for it, or not a "
                              "device of this kind\n");
                return 0;
        }
        if (block.device.blocks == 0)
                console_print("disk: less than 4 KiB; it is not used, and there is no /disk\n");
        return block.device.blocks;
}

bool block_read_only(void)
{
        return block.device.read_only;
}

void block_submit(struct block_request *r)
{
        virtio_block_submit(&block.device, r);
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
