/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver holds: found, made, and put into its process.  See driver.h. */
#include "base/text.h"
#include "os/core/console.h"
#include "os/core/signals.h"
#include "os/device/board.h"
#include "os/device/timer.h"
#include "os/process/driver_parts.h"
#include "os/process/wire.h"
#include "sel4/report.h"
#include "sos/driver.h"
#include <ut/ut.h>
#include <virtio/virtio.h>

static struct driver_endpoints endpoint;

void driver_hold_open(const struct driver_endpoints *e)
{
        endpoint = *e;
}

static bool find_device(struct driver *d)
{
        struct virtio v;

        if (d->find)
                return (d->compatible = d->find(&d->device)) != NULL;
        if (!d->kind)
                return board_device(d->compatible, &d->device);
        for (unsigned i = 0; board_virtio(i, &d->device); i++) {
                if (virtio_open(&v, d->device.registers, NULL, (enum virtio_kind)d->kind))
                        return true;
                device_close(&d->device);
        }
        return false;
}

static seL4_CPtr badged(seL4_CPtr cap, seL4_Word badge)
{
        seL4_CPtr slot = cspace_alloc_slot(&root_cspace);

        if (slot && !cspace_mint(&root_cspace, slot, &root_cspace, cap, seL4_AllRights, badge))
                return slot;
        cspace_discard(&root_cspace, slot);
        return seL4_CapNull;
}

/* The line stays masked until the driver acknowledges. */
static bool connect_interrupt(struct driver *d)
{
        seL4_CPtr ring = badged(d->signals, DRIVER_BADGE_INTERRUPT);

        d->handler = cspace_alloc_slot(&root_cspace);
        return ring && d->handler &&
               !cspace_irq_control_get(&root_cspace, d->handler, seL4_CapIRQControl, (int)d->device.interrupt,
                                       d->device.edge) &&
               !seL4_IRQHandler_SetNotification(d->handler, ring);
}

/* False: it needs one.  A driver that can do without looks now and then. */
static bool find_interrupt(struct driver *d)
{
        if (!d->interrupt || (d->device.has_interrupt && connect_interrupt(d)))
                return true;
        if (d->polls && d->device.has_interrupt)
                report("board: the kernel does not give the %s's interrupt %lu; input is polled", d->polls,
                       d->device.interrupt);
        cspace_discard(&root_cspace, d->handler);
        d->handler = seL4_CapNull;
        return d->polls != NULL;
}

static bool make_piece(struct object *o, unsigned bits)
{
        return object_make(o, bits == seL4_PageBits ? seL4_ARM_SmallPageObject : seL4_ARM_LargePageObject,
                           bits);
}

/* We see the shared memory through a capability of ours, the driver through a copy. */
static bool make_memory(struct driver *d)
{
        seL4_Word at =
                vspace_find_free(&root_vspace, 1ul << (d->shared_bits - seL4_PageBits), d->shared_bits);

        d->shared_copy = cspace_alloc_slot(&root_cspace);
        if (!at || !d->shared_copy || (d->memory_bits && !make_piece(&d->memory, d->memory_bits)) ||
            !make_piece(&d->shared, d->shared_bits) ||
            cspace_copy(&root_cspace, d->shared_copy, &root_cspace, d->shared.cap, seL4_AllRights) ||
            vspace_map(&root_vspace, d->shared.cap, at, d->shared_bits, VSPACE_RW))
                return false;
        d->start = (struct driver_start *)at;
        return true;
}

/* A line when the machine has the device and cannot use it. */
bool driver_hold(struct driver *d, unsigned number)
{
        if (!find_device(d))
                return false;
        d->number = number;
        if (d->interrupt && !d->device.has_interrupt && !d->polls) {
                report("board: the device for `%s` at 0x%lx has no interrupt that we can use; it is not used",
                       d->name, d->device.paddr);
                return false;
        }
        d->signals = endpoint.signals[number];
        if (!find_interrupt(d) || !make_memory(d)) {
                console_print("%s: no memory or interrupt for its driver; it is not used\n", d->name);
                return false;
        }
        if (d->alarm)
                timer_watch(TIMER_DRIVER + number, badged(d->signals, DRIVER_BADGE_ALARM),
                            &d->start->alarm_us);
        if (!d->kept)
                sos_unmap_device((void *)(uintptr_t)d->device.registers, d->device.size);
        return true;
}

static bool give(const struct process *p, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights,
                 seL4_Word badge)
{
        return !seL4_CNode_Mint(p->kernel.cnode.cap, slot, PROCESS_SLOT_BITS, root_cspace.root_cnode, cap,
                                seL4_WordBits, rights, badge);
}

bool driver_equip(struct driver *d, struct process *p)
{
        seL4_CapRights_t write = seL4_CapRights_new(0, 0, 0, 1);
        vspace_t *v = &p->space->vspace;

        return give(p, DRIVER_SIGNALS, d->signals, seL4_CanRead, 0) &&
               (!d->handler ||
                !seL4_CNode_Copy(p->kernel.cnode.cap, DRIVER_INTERRUPT, PROCESS_SLOT_BITS,
                                 root_cspace.root_cnode, d->handler, seL4_WordBits, seL4_AllRights)) &&
               give(p, DRIVER_CLIENT, endpoint.server, write,
                    SIGNAL_FLAG | 1ull << (SIGNAL_DRIVER_SHIFT + d->number)) &&
               (!d->device.size || vspace_map_device(v, d->device.paddr, d->device.size, DRIVER_REGISTERS)) &&
               (!d->memory_bits || !vspace_map(v, d->memory.cap, DRIVER_MEMORY, d->memory_bits, VSPACE_RW)) &&
               !vspace_map(v, d->shared_copy, DRIVER_SHARED, d->shared_bits, VSPACE_RW) &&
               (!d->guests || wires_equip_network(p));
}
