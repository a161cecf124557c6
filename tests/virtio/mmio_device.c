/* SPDX-License-Identifier: BSD-2-Clause */
/* See mmio_device.h. */
#include "mmio_device.h"

#include <string.h>

#include "tests/lib/test.h"

struct mmio_device *mmio;

void mmio_reset(struct mmio_device *d, bool modern)
{
        mmio = d;
        memset(d, 0, sizeof(*d));
        d->modern = modern;
        d->queue_max = 1024;
}

char *mmio_memory(uint64_t paddr, uint64_t size)
{
        CHECK(paddr >= mmio->paddr && size <= mmio->memory_bytes &&
              paddr - mmio->paddr <= mmio->memory_bytes - size);
        return mmio->memory + (paddr - mmio->paddr);
}

uint64_t mmio_number(uint64_t paddr, unsigned size)
{
        uint64_t value = 0;

        memcpy(&value, mmio_memory(paddr, size), size);
        return value;
}

void mmio_set_number(uint64_t paddr, unsigned size, uint64_t value)
{
        memcpy(mmio_memory(paddr, size), &value, size);
}

/* Still in its reset: the only thing that may be done with the device is to read its status. */
static uint32_t read_status(void)
{
        if (mmio->inner.resetting > 0 && --mmio->inner.resetting == 0)
                mmio->status = 0;
        return mmio->inner.resetting > 0 ? mmio->inner.status_before : mmio->status;
}

static uint32_t read_register(volatile void *base, uint32_t offset, unsigned bytes)
{
        CHECK(base == mmio->registers && (bytes == 4 || offset >= 0x100));
        CHECK(offset < 0x10 || offset == 0x70 || mmio->inner.resetting == 0);
        switch (offset) {
        case 0x00:
                return 0x74726976;
        case 0x04:
                return mmio->modern ? 2 : 1;
        case 0x08:
                return mmio->kind;
        case 0x10:
                return (uint32_t)(mmio->inner.features_word ? mmio->offered >> 32 : mmio->offered);
        case 0x34:
                return mmio->queue_max;
        case 0x60:
                return mmio->interrupt;
        case 0x70:
                return read_status();
        default:
                CHECK(offset >= 0xfc);
                return mmio->config(offset, bytes);
        }
}

/* The second ring begins at the next multiple of the alignment. */
static void place_legacy(struct mmio_ring *r, uint32_t page)
{
        uint64_t end;

        CHECK(mmio->inner.page_size == 4096 && mmio->inner.align && r->size);
        r->descriptors = (uint64_t)page * mmio->inner.page_size;
        r->available = r->descriptors + 16ull * r->size;
        end = r->available + 6 + 2ull * r->size;
        r->used = (end + mmio->inner.align - 1) / mmio->inner.align * mmio->inner.align;
        r->ready = true;
}

static void set_half(uint64_t *value, bool high, uint32_t part)
{
        *value = high ? (*value & 0xffffffff) | (uint64_t)part << 32 : (*value & ~0xffffffffull) | part;
}

static void write_queue(struct mmio_ring *r, uint32_t offset, uint32_t value)
{
        CHECK(!(mmio->status & 4) && (mmio->modern ? offset != 0x40 && offset != 0x3c : offset < 0x44));
        if (offset == 0x38) {
                CHECK(value > 0 && value <= mmio->queue_max && (value & (value - 1)) == 0);
                r->size = value;
        } else if (offset == 0x3c) {
                mmio->inner.align = value;
        } else if (offset == 0x40) {
                place_legacy(r, value);
        } else if (offset == 0x44) {
                CHECK(r->size && r->descriptors && r->available && r->used);
                r->ready = value;
        } else {
                set_half(offset < 0x90   ? &r->descriptors
                         : offset < 0xa0 ? &r->available
                                         : &r->used,
                         offset & 4, value);
        }
}

static void write_status(uint32_t value)
{
        if (value == 0) {
                mmio->inner.resetting = mmio->reset_reads;
                mmio->inner.status_before = mmio->status;
                memset(mmio->ring, 0, sizeof(mmio->ring));
        }
        if (value & 8 && (!mmio->modern || mmio->refuses))
                value &= ~8u;
        for (unsigned i = 0; value & 4 && i < mmio->queues; i++)
                CHECK(mmio->ring[i].ready);
        if (value & 4 && mmio->modern)
                CHECK(mmio->accepted >> 32 & 1);
        mmio->status = value;
}

static void notify(uint32_t queue)
{
        CHECK(queue < mmio->queues && mmio->status & 4);
        mmio->notified[queue]++;
        if (mmio->notify)
                mmio->notify(queue);
}

/* What the device reports until then is acknowledged too. */
static void acknowledge(uint32_t value)
{
        void (*first)(void) = mmio->acknowledged;

        mmio->acknowledged = NULL;
        if (first)
                first();
        mmio->interrupt &= ~value;
}

static void write_register(volatile void *base, uint32_t offset, uint32_t value)
{
        CHECK(base == mmio->registers && (mmio->inner.resetting == 0 || offset == 0x70));
        switch (offset) {
        case 0x14:
                mmio->inner.features_word = value;
                break;
        case 0x20:
                set_half(&mmio->accepted, mmio->inner.accepted_word, value);
                CHECK(!(mmio->accepted & ~(mmio->offered & mmio->wanted)) && !(mmio->status & 8));
                break;
        case 0x24:
                mmio->inner.accepted_word = value & 1;
                break;
        case 0x28:
                CHECK(!mmio->modern);
                mmio->inner.page_size = value;
                break;
        case 0x30:
                CHECK(value < mmio->queues);
                mmio->inner.selected = value;
                break;
        case 0x50:
                notify(value);
                break;
        case 0x64:
                acknowledge(value);
                break;
        case 0x70:
                write_status(value);
                break;
        default:
                CHECK(offset >= 0x38 && offset <= 0xa4);
                write_queue(&mmio->ring[mmio->inner.selected], offset, value);
        }
}

const struct virtio_access mmio_access = {read_register, write_register};

unsigned mmio_waiting(const struct mmio_ring *r)
{
        return mmio->status & 4 ? (uint16_t)(mmio_number(r->available + 2, 2) - r->taken) : 0;
}

uint16_t mmio_take(struct mmio_ring *r)
{
        return (uint16_t)mmio_number(r->available + 4 + 2 * (r->taken++ % r->size), 2);
}

void mmio_finish(struct mmio_ring *r, uint32_t id, uint32_t length)
{
        uint64_t at = r->used + 4 + 8 * (r->done % r->size);

        mmio_set_number(at, 4, id);
        mmio_set_number(at + 4, 4, length);
        mmio_set_number(r->used + 2, 2, ++r->done);
        mmio->interrupt |= !(mmio_number(r->available, 2) & 1);
}

void mmio_break(void)
{
        mmio->status |= 64;
        mmio->interrupt |= 2;
}
