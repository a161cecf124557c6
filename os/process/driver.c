/* SPDX-License-Identifier: BSD-2-Clause */
/* See driver.h. */
#include "os/process/driver.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/core/signals.h"
#include "os/device/board.h"
#include "os/device/timer.h"
#include "os/net/socket.h"
#include "sel4/report.h"
#include "sos/driver.h"
#include <virtio/virtio.h>

enum { LARGE_BITS = 21, LARGE = 1 << LARGE_BITS, KILLED = 9 };

struct driver {
        /* The table. */
        const char *name, *compatible;
        enum virtio_kind kind; /* which of those devices */
        const char *program;
        unsigned long priority, budget_us, period_us;
        void (*open)(void *shared, void (*poke)(void)); /* before it starts, each time */
        bool (*hear)(void);                             /* it has signalled; false: it must end */
        void (*lost)(void);
        void (*gone)(void);   /* it will not come back */
        bool (*useful)(void); /* has it come so far that it serves? */
        void (*poke)(void);   /* it shall look */
        /* What it holds. */
        struct device device;
        struct object memory, shared;
        seL4_CPtr signals, handler, shared_copy;
        struct driver_start *start; /* of the shared memory, as we see it */
        /* How it is. */
        int pid;
        unsigned starts, fruitless;
};

static struct driver drivers[DRIVERS];

static void poke_net(void)
{
        seL4_Signal(drivers[0].signals);
}

/* compatible (and what virtio calls it) -> program -> its share of the processor; all get one page of registers, an interrupt, 2 MiB for
 * the device and 2 MiB shared with us. */
static struct driver drivers[DRIVERS] = {
        {"net", "virtio,mmio", VIRTIO_NET, "/drv/net", 130, 8000, 10000, sockets_open, sockets_hear,
         sockets_lost, sockets_gone, sockets_serve, poke_net, .pid = 0},
};

static struct driver_endpoints endpoint;

static unsigned number_of(const struct driver *d)
{
        return (unsigned)(d - drivers);
}

/* --- what it holds --- */

static bool find_device(struct driver *d)
{
        struct virtio v;

        for (unsigned i = 0; board_virtio(i, &d->device); i++) {
                if (virtio_open(&v, d->device.registers, NULL, d->kind))
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

/* We see the shared memory through a capability of ours, the driver through a copy. */
static bool make_memory(struct driver *d)
{
        seL4_Word at = vspace_find_free(&root_vspace, LARGE / PAGE, LARGE_BITS);

        d->shared_copy = cspace_alloc_slot(&root_cspace);
        if (!at || !d->shared_copy || !object_make(&d->memory, seL4_ARM_LargePageObject, LARGE_BITS) ||
            !object_make(&d->shared, seL4_ARM_LargePageObject, LARGE_BITS) ||
            cspace_copy(&root_cspace, d->shared_copy, &root_cspace, d->shared.cap, seL4_AllRights) ||
            vspace_map(&root_vspace, d->shared.cap, at, LARGE_BITS, VSPACE_RW))
                return false;
        d->start = (struct driver_start *)at;
        return true;
}

/* A line when the machine has the device and cannot use it. */
static bool take_device(struct driver *d)
{
        if (!find_device(d))
                return false;
        if (!d->device.has_interrupt) {
                report("board: the device for `%s` at 0x%lx has no interrupt of ours and is not used",
                       d->name, d->device.paddr);
                return false;
        }
        d->signals = endpoint.signals[number_of(d)];
        if (!connect_interrupt(d) || !make_memory(d)) {
                console_print("%s: no memory or interrupt for its driver; it is not used\n", d->name);
                return false;
        }
        sos_unmap_device((void *)(uintptr_t)d->device.registers, d->device.size);
        return true;
}

static bool give(const struct process *p, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights,
                 seL4_Word badge)
{
        return !seL4_CNode_Mint(p->cnode.cap, slot, PROCESS_SLOT_BITS, root_cspace.root_cnode, cap,
                                seL4_WordBits, rights, badge);
}

bool driver_equip(struct driver *d, struct process *p)
{
        seL4_CapRights_t write = seL4_CapRights_new(0, 0, 0, 1), call = seL4_CapRights_new(1, 0, 0, 1);
        unsigned number = number_of(d);
        vspace_t *v = &p->space->vspace;

        return give(p, DRIVER_SIGNALS, d->signals, seL4_CanRead, 0) &&
               give(p, DRIVER_TIMER, endpoint.timer, call, TIMER_BADGE_DRIVER | number) &&
               !seL4_CNode_Copy(p->cnode.cap, DRIVER_INTERRUPT, PROCESS_SLOT_BITS, root_cspace.root_cnode,
                                d->handler, seL4_WordBits, seL4_AllRights) &&
               give(p, DRIVER_CLIENT, endpoint.server, write,
                    SIGNAL_FLAG | 1ull << (SIGNAL_DRIVER_SHIFT + number)) &&
               vspace_map_device(v, d->device.paddr, d->device.size, DRIVER_REGISTERS) &&
               !vspace_map(v, d->memory.cap, DRIVER_MEMORY, LARGE_BITS, VSPACE_RW) &&
               !vspace_map(v, d->shared_copy, DRIVER_SHARED, LARGE_BITS, VSPACE_RW);
}

/* --- its life --- */

static void start(struct driver *d)
{
        struct process_plan plan = {
                .name = d->name,
                .program = node_find(node_root(), d->program),
                .arguments = d->name,
                .argument_count = 1,
                .priority = d->priority,
                .budget_us = d->budget_us,
                .period_us = d->period_us,
                .driver = d,
        };
        int pid = -SOS_ENOENT;

        *d->start = (struct driver_start){.registers = d->device.paddr % PAGE,
                                          .memory_paddr = d->memory.ut->paddr,
                                          .memory_bytes = LARGE,
                                          .run = d->starts};
        d->open(d->start, d->poke);
        if (plan.program)
                pid = process_make(&plan);
        d->pid = pid > 0 ? pid : 0;
        d->starts++;
        if (pid < 0)
                console_print("%s: %s cannot be started (%d)\n", d->name, d->program, pid);
}

void driver_ended(struct driver *d)
{
        d->fruitless = d->useful() ? 0 : d->fruitless + 1;
        d->lost();
        d->pid = 0;
        if (d->fruitless == DRIVER_FRUITLESS_MAX) {
                console_print("%s: its driver ended %u times before it served; it is left alone\n", d->name,
                              d->fruitless);
                return;
        }
        console_print("%s: its driver has ended and starts anew\n", d->name);
        start(d);
}

void drivers_hear(seL4_Word signals)
{
        for (unsigned i = 0; i < DRIVERS; i++) {
                struct driver *d = &drivers[i];
                struct process *p = d->pid ? process_find(d->pid) : NULL;
                const char *line;

                if (!(signals >> (SIGNAL_DRIVER_SHIFT + i) & 1) || !p)
                        continue;
                if (!d->hear()) {
                        console_print("%s: its driver says what cannot be, and ends\n", d->name);
                        process_kill(p, KILLED);
                }
                for (unsigned n = 0; n < SOCKET_LINES && (line = sockets_line()) != NULL; n++)
                        console_print("%s: %s\n", d->name, line);
        }
}

void drivers_start(const struct driver_endpoints *e)
{
        endpoint = *e;
        for (unsigned i = 0; i < DRIVERS; i++) {
                if (take_device(&drivers[i]))
                        start(&drivers[i]);
        }
}

bool driver_facts(unsigned i, struct driver_facts *facts)
{
        const struct driver *d = &drivers[i];

        if (i >= DRIVERS)
                return false;
        *facts = (struct driver_facts){.name = d->name,
                                       .compatible = d->compatible,
                                       .program = d->program,
                                       .there = d->start,
                                       .paddr = d->device.paddr,
                                       .interrupt = d->device.interrupt,
                                       .memory = d->start ? LARGE : 0,
                                       .shared = d->start ? LARGE : 0,
                                       .pid = d->pid,
                                       .starts = d->starts};
        return true;
}
