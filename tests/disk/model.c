/* SPDX-License-Identifier: BSD-2-Clause */
/* See model.h. */
#include "model.h"

#include <string.h>

#include "tests/lib/test.h"

struct model model;
_Alignas(BLOCK_SIZE) char model_memory[MODEL_PAGES][BLOCK_SIZE];

static uint16_t pending[128];

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

static uint32_t read_config(uint32_t offset, unsigned bytes)
{
        CHECK_EQUAL(bytes, 4);
        if (offset == 0xfc) {
                CHECK(model.device.modern);
                return model.generation;
        }
        CHECK(offset == 0x100 || offset == 0x104);
        return read_capacity(offset == 0x104);
}

static void hear(unsigned queue)
{
        struct mmio_ring *r = &model.device.ring[queue];

        while (mmio_waiting(r) > 0)
                pending[model.pending++] = mmio_take(r);
}

void model_reset(bool modern)
{
        memset(&model, 0, sizeof(model));
        memset(model_memory, 0, sizeof(model_memory));
        mmio_reset(&model.device, modern);
        model.device.kind = 2;
        model.device.queues = 1;
        model.device.offered = (uint64_t)modern << 32 | 1 << 9 | 1 << 5;
        model.device.wanted = 1ull << 32 | 1 << 9; /* flush; version 1 */
        model.device.config = read_config;
        model.device.notify = hear;
        model.device.memory = model_memory[0];
        model.device.memory_bytes = sizeof(model_memory);
        model.device.paddr = MODEL_MEMORY;
}

struct virtio_block model_driver(void)
{
        struct virtio_block b;

        CHECK(virtio_block_probe(&b, model.device.registers, &mmio_access));
        CHECK_EQUAL(b.device.modern, model.device.modern);
        return b;
}

enum { PARTS = VIRTIO_BLOCK_JOINED + 2 };

struct parts {
        uint64_t address[PARTS];
        uint32_t length[PARTS];
        uint16_t flags[PARTS];
        unsigned count;
};

static struct parts follow(uint16_t id)
{
        const struct mmio_ring *r = &model.device.ring[0];
        struct parts p = {.count = 0};
        bool more = true;

        for (; more; id = (uint16_t)mmio_number(r->descriptors + 16ull * id + 14, 2)) {
                uint64_t at = r->descriptors + 16ull * id;

                CHECK(p.count < PARTS);
                CHECK(id < r->size);
                p.address[p.count] = mmio_number(at, 8);
                p.length[p.count] = (uint32_t)mmio_number(at + 8, 4);
                p.flags[p.count] = (uint16_t)mmio_number(at + 12, 2);
                more = p.flags[p.count++] & 1;
        }
        return p;
}

static void serve(const struct parts *p)
{
        uint32_t type = (uint32_t)mmio_number(p->address[0], 4);
        uint64_t sector = mmio_number(p->address[0] + 8, 8);

        CHECK_EQUAL(p->length[0], 16);
        if (type == 4) {
                CHECK_EQUAL(p->count, 2);
                model.flushes++;
                model.flushed_at_writes = model.writes;
                return;
        }
        model.chains++;
        CHECK(p->count >= 3 && sector % 8 == 0);
        for (unsigned i = 1; i + 1 < p->count; i++) {
                unsigned count = p->length[i] / BLOCK_SIZE;
                uint64_t block = sector / 8;

                CHECK(p->length[i] % BLOCK_SIZE == 0 && count && block + count <= MODEL_BLOCKS);
                CHECK_EQUAL(p->flags[i] & 2, type == 0 ? 2 : 0);
                if (type == 0)
                        memcpy(mmio_memory(p->address[i], p->length[i]), model.block[block], p->length[i]);
                else
                        memcpy(model.block[block], mmio_memory(p->address[i], p->length[i]), p->length[i]);
                model.writes += type * count;
                sector += count * 8;
        }
}

void model_answer(unsigned nth, bool good)
{
        struct parts p;
        uint16_t id;

        CHECK(nth < model.pending);
        id = pending[nth];
        memmove(pending + nth, pending + nth + 1, (--model.pending - nth) * sizeof(*pending));
        p = follow(id);
        CHECK_EQUAL(p.length[p.count - 1], 1);
        CHECK_EQUAL(p.flags[p.count - 1], 2);
        if (good)
                serve(&p);
        mmio_set_number(p.address[p.count - 1], 1, good ? 0 : 1);
        mmio_finish(&model.device.ring[0], id, 1);
}

void model_lie(uint32_t id)
{
        mmio_finish(&model.device.ring[0], id, 1);
}
