/* SPDX-License-Identifier: BSD-2-Clause */
/* See block.h. */
#include "os/disk/block.h"
#include "base/text.h"
#include "irq/irq.h"
#include "os/init/object.h"
#include "aos/mapping.h"

#define TRANSPORTS_PADDR 0x0a000000ull
#define MAGIC            0x74726976u

enum { TRANSPORTS = 32, STRIDE = 0x200, PER_PAGE = 4096 / STRIDE, FIRST_IRQ = 48 };

/* Registers, in bytes. */
enum {
        REG_MAGIC = 0x00,
        REG_VERSION = 0x04,
        REG_DEVICE = 0x08,
        REG_FEATURES = 0x20,
        REG_PAGE_SIZE = 0x28,
        REG_QUEUE = 0x30,
        REG_QUEUE_SIZE = 0x38,
        REG_QUEUE_ALIGN = 0x3c,
        REG_QUEUE_PAGE = 0x40,
        REG_NOTIFY = 0x50,
        REG_INTERRUPT = 0x60,
        REG_INTERRUPT_ACK = 0x64,
        REG_STATUS = 0x70,
        REG_CAPACITY = 0x100,
};

enum {
        LEGACY = 1,
        BLOCK_DEVICE = 2,
        ACKNOWLEDGE = 1,
        DRIVER = 2,
        DRIVER_OK = 4,
        QUEUE_SIZE = 8,
        SECTORS = BLOCK_SIZE / 512
};
enum { NEXT = 1, DEVICE_WRITES = 2, READ = 0, WRITE = 1 };

struct descriptor {
        uint64_t address;
        uint32_t length;
        uint16_t flags, next;
};

/* Two pages, contiguous for the device: its view of the first ends where the second begins. */
struct queue {
        struct descriptor descriptor[QUEUE_SIZE];
        uint16_t available_flags, available_index, available[QUEUE_SIZE];
        char gap[BLOCK_SIZE - QUEUE_SIZE * sizeof(struct descriptor) - 4 - 2 * QUEUE_SIZE];
        uint16_t used_flags;
        volatile uint16_t used_index;
        uint32_t used[QUEUE_SIZE][2];
        struct {
                uint32_t type, reserved;
                uint64_t sector;
        } header;
        volatile uint8_t status;
};
_Static_assert(offsetof(struct queue, used_flags) == BLOCK_SIZE, "the device looks for it there");

static struct {
        volatile char *registers;
        struct queue *queue;
        uint64_t paddr; /* of the queue */
        seL4_CPtr interrupt;
} block;

static uint32_t get(uint32_t offset)
{
        return *(volatile uint32_t *)(block.registers + offset);
}

static void put(uint32_t offset, uint32_t value)
{
        *(volatile uint32_t *)(block.registers + offset) = value;
}

static bool find(unsigned *number)
{
        for (unsigned page = 0; page < TRANSPORTS / PER_PAGE; page++) {
                volatile char *registers =
                        sos_map_device(&root_cspace, TRANSPORTS_PADDR + page * 4096ull, 4096);

                for (unsigned i = 0; registers && i < PER_PAGE; i++) {
                        block.registers = registers + i * STRIDE;
                        *number = page * PER_PAGE + i;
                        if (get(REG_MAGIC) == MAGIC && get(REG_VERSION) == LEGACY &&
                            get(REG_DEVICE) == BLOCK_DEVICE)
                                return true;
                }
        }
        return false;
}

static bool make_queue(void)
{
        ut_t *ut = ut_alloc(seL4_PageBits + 1, &root_cspace);
        seL4_CPtr frame = cspace_alloc_slots(&root_cspace, 2);
        seL4_Word va = vspace_find_free(&root_vspace, 2, seL4_PageBits);

        if (!ut || !frame || !va ||
            cspace_untyped_retype_n(&root_cspace, ut->cap, frame, seL4_ARM_SmallPageObject, seL4_PageBits, 2))
                return false;
        block.queue = (struct queue *)va;
        block.paddr = ut_paddr(ut);
        return !vspace_map(&root_vspace, frame, va, seL4_PageBits, VSPACE_RW) &&
               !vspace_map(&root_vspace, frame + 1, va + BLOCK_SIZE, seL4_PageBits, VSPACE_RW);
}

static int acknowledge(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        put(REG_INTERRUPT_ACK, get(REG_INTERRUPT));
        return 0;
}

static bool connect_interrupt(unsigned number)
{
        struct object notification;

        if (!object_make(&notification, seL4_NotificationObject, 0))
                return false;
        block.interrupt = notification.cap;
        irq_start(&root_cspace, seL4_CapIRQControl, block.interrupt);
        return !irq_attach(FIRST_IRQ + number, true, acknowledge, NULL);
}

uint64_t block_open(void)
{
        unsigned number;

        if (!find(&number) || !make_queue() || !connect_interrupt(number))
                return 0;
        put(REG_STATUS, 0);
        put(REG_STATUS, ACKNOWLEDGE | DRIVER);
        put(REG_FEATURES, 0);
        put(REG_PAGE_SIZE, BLOCK_SIZE);
        put(REG_QUEUE, 0);
        put(REG_QUEUE_SIZE, QUEUE_SIZE);
        put(REG_QUEUE_ALIGN, BLOCK_SIZE);
        put(REG_QUEUE_PAGE, (uint32_t)(block.paddr / BLOCK_SIZE));
        put(REG_STATUS, ACKNOWLEDGE | DRIVER | DRIVER_OK);
        return (get(REG_CAPACITY) | (uint64_t)get(REG_CAPACITY + 4) << 32) / SECTORS;
}

static void wait(void)
{
        seL4_Word badge;

        while (block.queue->used_index != block.queue->available_index) {
                seL4_Wait(block.interrupt, &badge);
                irq_dispatch(badge);
        }
}

static bool request(uint32_t type, uint64_t number, uint64_t paddr)
{
        struct queue *q = block.queue;

        q->header.type = type;
        q->header.sector = number * SECTORS;
        q->descriptor[0] =
                (struct descriptor){block.paddr + offsetof(struct queue, header), sizeof(q->header), NEXT, 1};
        q->descriptor[1] =
                (struct descriptor){paddr, BLOCK_SIZE, type == READ ? NEXT | DEVICE_WRITES : NEXT, 2};
        q->descriptor[2] =
                (struct descriptor){block.paddr + offsetof(struct queue, status), 1, DEVICE_WRITES, 0};
        q->status = 0xff;
        q->available[q->available_index % QUEUE_SIZE] = 0;
        __asm__ volatile("dmb ish" : : : "memory");
        q->available_index++;
        __asm__ volatile("dsb sy" : : : "memory");
        put(REG_NOTIFY, 0);
        wait();
        return q->status == 0;
}

bool block_read(uint64_t number, uint64_t paddr)
{
        return request(READ, number, paddr);
}

bool block_write(uint64_t number, uint64_t paddr)
{
        return request(WRITE, number, paddr);
}
