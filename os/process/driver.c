/* SPDX-License-Identifier: BSD-2-Clause */
/* See driver.h. */
#include "os/process/driver.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/core/signals.h"
#include "os/device/block.h"
#include "os/device/board.h"
#include "os/device/rtc.h"
#include "os/device/timer.h"
#include "os/net/socket.h"
#include "os/process/process_parts.h"
#include "os/process/wire.h"
#include "sel4/report.h"
#include "sos/driver.h"
#include <ut/ut.h>
#include <virtio/virtio.h>

enum { KILLED = 9 };

struct driver {
        /* The table. */
        const char *name, *compatible;
        unsigned kind; /* which of those devices (enum virtio_kind); 0: the first one */
        const char *program;
        unsigned long priority, budget_us, period_us;
        uint8_t memory_bits, shared_bits; /* a page, or 2 MiB; 0: none */
        bool interrupt, alarm;            /* it has them */
        bool clients;                     /* the device may be given memory of its clients */
        const char *setting;              /* the word of the command line whose value it gets; NULL: none */
        bool guests;                      /* it has the wires of guests */
        void (*begins)(void *shared, void (*poke)(void)); /* before it runs, each time */
        bool (*hear)(void);                               /* it has signalled; false: it must end */
        const char *(*line)(void);                        /* its next line of text; NULL: none */
        void (*lost)(void);
        void (*gone)(void);   /* it will not come back */
        bool (*useful)(void); /* does it serve already? */
        void (*wake)(void);   /* tells it to look */
        /* What it holds. */
        struct device device;
        struct object memory, shared;
        seL4_CPtr signals, handler, shared_copy;
        struct driver_start *start; /* of the shared memory, as we see it */
        /* How it is. */
        int pid;
        bool failed; /* it ends by its own doing */
        unsigned starts, fruitless;
        long frames; /* of its space */
};

static struct driver drivers[DRIVERS];

static void wake_nobody(void)
{
}

static void wake_block(void)
{
        seL4_Signal(drivers[DRIVER_BLOCK].signals);
}

static void wake_net(void)
{
        seL4_Signal(drivers[DRIVER_NET].signals);
}

/* compatible (and what virtio calls it) -> program -> its share of the processor, and what it gets besides the registers of the device. */
static struct driver drivers[DRIVERS] = {
        [DRIVER_RTC] = {"rtc", "arm,pl031", 0, "/drv/rtc", 140, 1000, 10000, .shared_bits = seL4_PageBits,
                        .begins = rtc_begins, .hear = rtc_hear, .lost = rtc_lost, .gone = rtc_gone,
                        .useful = rtc_useful, .wake = wake_nobody},
        [DRIVER_BLOCK] = {"block", "virtio,mmio", VIRTIO_BLOCK, "/drv/block", 140, 8000, 10000,
                          .interrupt = true, .memory_bits = seL4_PageBits, .shared_bits = seL4_PageBits,
                          .clients = true, .begins = block_begins, .hear = block_hear, .lost = block_lost,
                          .gone = block_gone, .useful = block_useful, .wake = wake_block},
        [DRIVER_NET] = {"net",
                        "virtio,mmio",
                        VIRTIO_NET,
                        "/drv/net",
                        130,
                        8000,
                        10000,
                        .interrupt = true,
                        .memory_bits = seL4_LargePageBits,
                        .shared_bits = seL4_LargePageBits,
                        .alarm = true,
                        .setting = "ntp=",
                        .guests = true,
                        .begins = sockets_open,
                        .hear = sockets_hear,
                        .line = sockets_line,
                        .lost = sockets_lost,
                        .gone = sockets_gone,
                        .useful = sockets_serve,
                        .wake = wake_net},
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
static bool take_device(struct driver *d)
{
        if (!find_device(d))
                return false;
        if (d->interrupt && !d->device.has_interrupt) {
                report("board: the device for `%s` at 0x%lx has no interrupt that we can use; it is not used",
                       d->name, d->device.paddr);
                return false;
        }
        d->signals = endpoint.signals[number_of(d)];
        if ((d->interrupt && !connect_interrupt(d)) || !make_memory(d)) {
                console_print("%s: no memory or interrupt for its driver; it is not used\n", d->name);
                return false;
        }
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
        seL4_CapRights_t write = seL4_CapRights_new(0, 0, 0, 1), call = seL4_CapRights_new(1, 0, 0, 1);
        unsigned number = number_of(d);
        vspace_t *v = &p->space->vspace;

        return give(p, DRIVER_SIGNALS, d->signals, seL4_CanRead, 0) &&
               (!d->alarm || give(p, DRIVER_TIMER, endpoint.timer, call, TIMER_BADGE_DRIVER | number)) &&
               (!d->interrupt ||
                !seL4_CNode_Copy(p->kernel.cnode.cap, DRIVER_INTERRUPT, PROCESS_SLOT_BITS,
                                 root_cspace.root_cnode, d->handler, seL4_WordBits, seL4_AllRights)) &&
               give(p, DRIVER_CLIENT, endpoint.server, write,
                    SIGNAL_FLAG | 1ull << (SIGNAL_DRIVER_SHIFT + number)) &&
               vspace_map_device(v, d->device.paddr, d->device.size, DRIVER_REGISTERS) &&
               (!d->memory_bits || !vspace_map(v, d->memory.cap, DRIVER_MEMORY, d->memory_bits, VSPACE_RW)) &&
               !vspace_map(v, d->shared_copy, DRIVER_SHARED, d->shared_bits, VSPACE_RW) &&
               (!d->guests || wires_equip_network(p));
}

/* --- its life --- */

static struct process_plan plan_of(struct driver *d)
{
        return (struct process_plan){.name = d->name,
                                     .program = node_find(node_root(), d->program),
                                     .arguments = d->name,
                                     .argument_count = 1,
                                     .argument_bytes = strlen(d->name) + 1,
                                     .priority = d->priority,
                                     .budget_us = d->budget_us,
                                     .period_us = d->period_us,
                                     .driver = d};
}

/* All RAM that is ours: pages of processes and files lie anywhere. */
static void tell_clients(struct driver_start *s)
{
        ut_root_t root;
        uint64_t end = 0;

        s->clients_paddr = UINT64_MAX;
        for (unsigned i = 0; ut_root(i, &root); i++) {
                if (root.device)
                        continue;
                s->clients_paddr = root.paddr < s->clients_paddr ? root.paddr : s->clients_paddr;
                end = root.paddr + root.bytes > end ? root.paddr + root.bytes : end;
        }
        s->clients_paddr -= s->clients_paddr % PAGE;
        s->clients_bytes = end - s->clients_paddr;
}

static size_t bytes_of(unsigned bits)
{
        return bits ? (size_t)1 << bits : 0;
}

static void prepare(struct driver *d)
{
        *d->start = (struct driver_start){.registers = d->device.paddr % PAGE,
                                          .memory_paddr = d->memory_bits ? d->memory.ut->paddr : 0,
                                          .memory_bytes = bytes_of(d->memory_bits),
                                          .run = d->starts++};
        if (d->setting)
                board_setting(d->setting, d->start->setting, DRIVER_SETTING);
        if (d->clients)
                tell_clients(d->start);
        if (d->guests)
                d->start->guests = wires_begin();
        d->begins(d->start, d->wake);
}

static void start(struct driver *d)
{
        struct process_plan plan = plan_of(d);
        size_t before = frame_counts().used;
        int pid = -SOS_ENOENT;

        prepare(d);
        if (plan.program)
                pid = process_make(&plan);
        d->pid = pid > 0 ? pid : 0;
        if (d->pid) {
                d->frames = (long)(frame_counts().used - before);
                frame_aside(d->frames);
                return;
        }
        console_print("%s: %s cannot be started (%d)\n", d->name, d->program, pid);
        d->lost();
        d->gone();
}

/* Its last words, behind ": "; it may have written anything. */
static const char *words_of(const struct driver *d)
{
        static char words[2 + DRIVER_WORDS];

        memcpy(words + 2, d->start->words, DRIVER_WORDS);
        words[sizeof(words) - 1] = '\0';
        for (char *c = words + 2; *c; c++)
                *c = *c < ' ' || *c > '~' ? '?' : *c;
        memcpy(words, words[2] ? ": " : "\0", 2);
        return words;
}

void driver_fails(struct driver *d)
{
        d->failed = true;
}

bool driver_told(const struct driver *d)
{
        return d->start->words[0];
}

/* True: it goes on. */
static bool may_begin_anew(struct driver *d)
{
        if (d->start->useless) {
                console_print("%s: it is not used%s\n", d->name, words_of(d));
                return false;
        }
        if (d->fruitless == DRIVER_FRUITLESS_MAX) {
                console_print("%s: its driver ended %u times before it served%s; it is not restarted again\n",
                              d->name, d->fruitless, words_of(d));
                return false;
        }
        console_print("%s: its driver has ended and restarts%s\n", d->name, words_of(d));
        return true;
}

bool driver_again(struct driver *d, struct process *p)
{
        struct process_plan plan = plan_of(d);
        bool goes_on;

        task_still(p);
        d->fruitless = d->useful() ? 0 : d->fruitless + d->failed;
        d->failed = false;
        d->lost();
        goes_on = may_begin_anew(d) && plan.program;
        if (goes_on) {
                prepare(d);
                goes_on = process_anew(p, &plan);
        }
        if (goes_on)
                return true;
        d->pid = 0;
        frame_aside(-d->frames);
        d->lost();
        d->gone();
        return false;
}

static void say_lines(struct driver *d)
{
        const char *line;

        for (unsigned n = 0; d->line && n < SOCKET_LINES && (line = d->line()) != NULL; n++)
                console_print("%s: %s\n", d->name, line);
}

void drivers_hear(seL4_Word signals)
{
        for (unsigned i = 0; i < DRIVERS; i++) {
                struct driver *d = &drivers[i];
                struct process *p = d->pid ? process_find(d->pid) : NULL;

                if (!(signals >> (SIGNAL_DRIVER_SHIFT + i) & 1) || !p)
                        continue;
                if (!d->hear()) {
                        console_print("%s: its driver reports impossible values, and is ended\n", d->name);
                        driver_fails(d);
                        process_kill(p, KILLED);
                }
                say_lines(d);
        }
}

void drivers_open(const struct driver_endpoints *e)
{
        endpoint = *e;
}

void driver_start(enum driver_number number)
{
        if (take_device(&drivers[number]))
                start(&drivers[number]);
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
                                       .interrupt = d->interrupt ? d->device.interrupt : 0,
                                       .memory = d->start ? bytes_of(d->memory_bits) : 0,
                                       .shared = d->start ? bytes_of(d->shared_bits) : 0,
                                       .pid = d->pid,
                                       .starts = d->starts};
        return true;
}
