/* SPDX-License-Identifier: BSD-2-Clause */
/* See model.h.  Written from the standard's tables, with numbers of its own. */
#include "model.h"

#include <string.h>

#include "tests/lib/test.h"

struct model model;
_Alignas(BLOCK_SIZE) char model_memory[MODEL_PAGES][BLOCK_SIZE];

static struct {
        uint32_t queue_size, align, page_size, features_word, accepted_word, accepted[2];
        uint64_t descriptors, available, used;
        bool ready;
        unsigned resetting; /* so many reads of the status until it is done */
        uint16_t taken;     /* entries of the available ring that were seen */
        uint16_t pending[128];
} device;

static char registers[0x200];

void model_reset(bool modern)
{
        memset(&model, 0, sizeof(model));
        memset(&device, 0, sizeof(device));
        memset(model_memory, 0, sizeof(model_memory));
        model.modern = modern;
        model.queue_max = 1024;
}

static char *memory(uint64_t paddr, uint64_t size)
{
        CHECK(paddr >= MODEL_MEMORY && paddr + size <= MODEL_MEMORY + sizeof(model_memory));
        return &model_memory[0][0] + (paddr - MODEL_MEMORY);
}

static uint64_t number(uint64_t paddr, unsigned size)
{
        uint64_t value = 0;

        memcpy(&value, memory(paddr, size), size);
        return value;
}

static void set_number(uint64_t paddr, unsigned size, uint64_t value)
{
        memcpy(memory(paddr, size), &value, size);
}

/* Still in its reset: the only thing that may be done with the device is to ask for its status. */
static uint32_t read_status(void)
{
        if (device.resetting > 0 && --device.resetting == 0)
                model.status = 0;
        return device.resetting > 0 ? model.status_before : model.status;
}

/* The capacity changes between the reads of its halves as often as the test wants. */
static uint32_t read_capacity(bool high)
{
        uint64_t sectors = model.capacity ? model.capacity : MODEL_BLOCKS * 8;
        uint32_t half = high ? (uint32_t)(sectors >> 32) : (uint32_t)sectors;

        if (!high && model.changes > 0) {
                model.changes--;
                model.generation++;
                model.capacity = model.changes ? ~model.capacity : 0;
        }
        return half;
}

static uint32_t read_register(volatile void *base, uint32_t offset, unsigned bytes)
{
        CHECK_EQUAL(bytes, 4);
        CHECK(base == registers);
        if (offset >= 0x10 && offset != 0x70)
                CHECK(device.resetting == 0);
        switch (offset) {
        case 0x00:
                return 0x74726976;
        case 0x04:
                return model.modern ? 2 : 1;
        case 0x08:
                return 2;
        case 0x10: /* flush; version 1 */
                return device.features_word ? model.modern && !model.refuses : 1 << 9 | 1 << 5;
        case 0x34:
                return model.queue_max;
        case 0x60:
                return model.interrupt;
        case 0x70:
                return read_status();
        case 0xfc:
                CHECK(model.modern);
                return model.generation;
        case 0x100:
                return read_capacity(false);
        case 0x104:
                return read_capacity(true);
        default:
                test_fail(__FILE__, __LINE__, "read of register 0x%x", offset);
        }
}

static void notify(void)
{
        CHECK(model.status & 4);
        CHECK(model.modern ? device.ready : device.used != 0);
        model.notified++;
        while (device.taken != (uint16_t)number(device.available + 2, 2)) {
                uint64_t at = device.available + 4 + 2 * (device.taken++ % device.queue_size);

                device.pending[model.pending++] = (uint16_t)number(at, 2);
        }
}

/* The second ring begins at the next multiple of the alignment. */
static void place_legacy(uint32_t page)
{
        uint64_t end;

        CHECK(device.page_size == BLOCK_SIZE && device.align && device.queue_size);
        device.descriptors = (uint64_t)page * device.page_size;
        device.available = device.descriptors + 16ull * device.queue_size;
        end = device.available + 6 + 2ull * device.queue_size;
        device.used = (end + device.align - 1) / device.align * device.align;
}

static void set_half(uint64_t *value, bool high, uint32_t part)
{
        *value = high ? (*value & 0xffffffff) | (uint64_t)part << 32 : (*value & ~0xffffffffull) | part;
}

static void write_modern(uint32_t offset, uint32_t value)
{
        CHECK(model.modern);
        switch (offset) {
        case 0x44:
                device.ready = value;
                break;
        case 0x80:
        case 0x84:
                set_half(&device.descriptors, offset & 4, value);
                break;
        case 0x90:
        case 0x94:
                set_half(&device.available, offset & 4, value);
                break;
        case 0xa0:
        case 0xa4:
                set_half(&device.used, offset & 4, value);
                break;
        default:
                test_fail(__FILE__, __LINE__, "write of register 0x%x", offset);
        }
}

static void write_legacy(uint32_t offset, uint32_t value)
{
        CHECK(!model.modern);
        if (offset == 0x28)
                device.page_size = value;
        else if (offset == 0x3c)
                device.align = value;
        else
                place_legacy(value);
}

static void write_status(uint32_t value)
{
        if (value == 0 && model.reset_reads > 0) {
                device.resetting = model.reset_reads;
                model.status_before = model.status;
                return;
        }
        CHECK(device.resetting == 0);
        if (value & 8 && (!model.modern || model.refuses))
                value &= ~8u;
        if (value & 4 && model.modern)
                CHECK(device.ready && device.accepted[1] == 1);
        model.status = value;
}

static void write_register(volatile void *base, uint32_t offset, uint32_t value)
{
        CHECK(base == registers);
        CHECK(device.resetting == 0 || offset == 0x70);
        switch (offset) {
        case 0x14:
                device.features_word = value;
                break;
        case 0x20:
                device.accepted[device.accepted_word] = value;
                CHECK(device.accepted_word || !(value & ~(1u << 9)));
                break;
        case 0x24:
                device.accepted_word = value & 1;
                break;
        case 0x28:
        case 0x3c:
        case 0x40:
                write_legacy(offset, value);
                break;
        case 0x30:
                CHECK_EQUAL(value, 0);
                break;
        case 0x38:
                CHECK(value > 0 && value <= model.queue_max && (value & (value - 1)) == 0);
                device.queue_size = value;
                break;
        case 0x50:
                notify();
                break;
        case 0x64:
                model.interrupt &= ~value;
                break;
        case 0x70:
                write_status(value);
                break;
        default:
                write_modern(offset, value);
        }
}

struct virtio_block model_driver(void)
{
        static const struct virtio_access access = {read_register, write_register};
        struct virtio_block b;

        CHECK(virtio_block_probe(&b, registers, &access));
        CHECK_EQUAL(b.device.modern, model.modern);
        return b;
}

static void put_used(uint32_t id)
{
        uint16_t index = (uint16_t)number(device.used + 2, 2);
        uint64_t at = device.used + 4 + 8 * (index % device.queue_size);

        set_number(at, 4, id);
        set_number(at + 4, 4, 1);
        set_number(device.used + 2, 2, index + 1u);
        model.interrupt |= 1;
}

struct parts {
        uint64_t address[3];
        uint32_t length[3];
        uint16_t flags[3];
        unsigned count;
};

static struct parts follow(uint16_t id)
{
        struct parts p = {.count = 0};
        bool more = true;

        for (; more; id = (uint16_t)number(device.descriptors + 16ull * id + 14, 2)) {
                uint64_t at = device.descriptors + 16ull * id;

                CHECK(p.count < 3);
                CHECK(id < device.queue_size);
                p.address[p.count] = number(at, 8);
                p.length[p.count] = (uint32_t)number(at + 8, 4);
                p.flags[p.count] = (uint16_t)number(at + 12, 2);
                more = p.flags[p.count++] & 1;
        }
        return p;
}

static void serve(const struct parts *p)
{
        uint32_t type = (uint32_t)number(p->address[0], 4);
        uint64_t sector = number(p->address[0] + 8, 8);

        CHECK_EQUAL(p->length[0], 16);
        if (type == 4) {
                CHECK_EQUAL(p->count, 2);
                model.flushes++;
                model.flushed_at_writes = model.writes;
                return;
        }
        CHECK_EQUAL(p->count, 3);
        CHECK_EQUAL(p->length[1], BLOCK_SIZE);
        CHECK(sector % 8 == 0 && sector / 8 < MODEL_BLOCKS);
        CHECK_EQUAL(p->flags[1] & 2, type == 0 ? 2 : 0);
        if (type == 0)
                memcpy(memory(p->address[1], BLOCK_SIZE), model.block[sector / 8], BLOCK_SIZE);
        else
                memcpy(model.block[sector / 8], memory(p->address[1], BLOCK_SIZE), BLOCK_SIZE);
        model.writes += type;
}

void model_answer(unsigned nth, bool good)
{
        struct parts p;
        uint16_t id;

        CHECK(nth < model.pending);
        id = device.pending[nth];
        memmove(device.pending + nth, device.pending + nth + 1,
                (--model.pending - nth) * sizeof(*device.pending));
        p = follow(id);
        CHECK_EQUAL(p.length[p.count - 1], 1);
        CHECK_EQUAL(p.flags[p.count - 1], 2);
        if (good)
                serve(&p);
        set_number(p.address[p.count - 1], 1, good ? 0 : 1);
        put_used(id);
}

void model_lie(uint32_t id)
{
        put_used(id);
}

void model_break(void)
{
        model.status |= 64;
        model.interrupt |= 2;
}
