/* SPDX-License-Identifier: BSD-2-Clause */
/* See card.h.  Written from the standard's tables, with numbers of its own. */
#include "card.h"

#include <string.h>

#include "tests/lib/test.h"

struct card card;
_Alignas(4096) char card_memory[CARD_MEMORY];
char card_registers[0x200];

struct ring {
        uint32_t size;
        uint64_t descriptors, available, used;
        bool ready;
        uint16_t taken, done;
};

static struct {
        struct ring ring[2];
        uint32_t selected, align, page_size, features_word, accepted_word;
        uint32_t status_before;
        unsigned resetting;
} device;

void card_reset(bool modern)
{
        memset(&card, 0, sizeof(card));
        memset(&device, 0, sizeof(device));
        memset(card_memory, 0, sizeof(card_memory));
        card.modern = modern;
        card.queue_max = 1024;
        card.offered = 1ull << 32 | 1 << 5 | 1 << 0 | 1 << 15 | 1 << 16 | 1 << 17 | 1ull << 35;
}

static char *memory(uint64_t paddr, uint64_t size)
{
        CHECK(paddr >= CARD_PADDR && size <= CARD_MEMORY && paddr - CARD_PADDR <= CARD_MEMORY - size);
        return card_memory + (paddr - CARD_PADDR);
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

static uint32_t read_status(void)
{
        if (device.resetting > 0 && --device.resetting == 0)
                card.status = 0;
        return device.resetting > 0 ? device.status_before : card.status;
}

static uint32_t read_register(volatile void *base, uint32_t offset, unsigned bytes)
{
        static const uint8_t mac[6] = {0x52, 0x54, 0, 1, 2, 3};

        CHECK(base == card_registers && (bytes == 4 || offset >= 0x100));
        if (offset >= 0x10 && offset != 0x70)
                CHECK(device.resetting == 0);
        switch (offset) {
        case 0x00:
                return 0x74726976;
        case 0x04:
                return card.modern ? 2 : 1;
        case 0x08:
                return 1;
        case 0x10:
                return (uint32_t)(device.features_word ? card.offered >> 32 : card.offered);
        case 0x34:
                return card.queue_max;
        case 0x60:
                return card.interrupt;
        case 0x70:
                return read_status();
        default:
                CHECK(offset >= 0x100 && offset < 0x106 && bytes == 1 && card.accepted & 1 << 5);
                return mac[offset - 0x100];
        }
}

static void place_legacy(struct ring *r, uint32_t page)
{
        uint64_t end;

        CHECK(device.page_size == 4096 && device.align && r->size);
        r->descriptors = (uint64_t)page * device.page_size;
        r->available = r->descriptors + 16ull * r->size;
        end = r->available + 6 + 2ull * r->size;
        r->used = (end + device.align - 1) / device.align * device.align;
        r->ready = true;
}

static void set_half(uint64_t *value, bool high, uint32_t part)
{
        *value = high ? (*value & 0xffffffff) | (uint64_t)part << 32 : (*value & ~0xffffffffull) | part;
}

static void write_queue(struct ring *r, uint32_t offset, uint32_t value)
{
        CHECK(!(card.status & 4) && (card.modern ? offset != 0x40 && offset != 0x3c : offset < 0x44));
        if (offset == 0x38) {
                CHECK(value > 0 && value <= card.queue_max && (value & (value - 1)) == 0);
                r->size = value;
        } else if (offset == 0x3c) {
                device.align = value;
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
                device.resetting = card.reset_reads;
                device.status_before = card.status;
                memset(device.ring, 0, sizeof(device.ring));
        }
        if (value & 8 && (!card.modern || card.refuses))
                value &= ~8u;
        if (value & 4)
                CHECK(device.ring[0].ready && device.ring[1].ready &&
                      (!card.modern || card.accepted >> 32 & 1));
        card.status = value;
}

static void write_register(volatile void *base, uint32_t offset, uint32_t value)
{
        CHECK(base == card_registers && (device.resetting == 0 || offset == 0x70));
        switch (offset) {
        case 0x14:
                device.features_word = value;
                break;
        case 0x20:
                set_half(&card.accepted, device.accepted_word, value);
                CHECK(!(card.accepted & ~card.offered) && !(card.status & 8));
                break;
        case 0x24:
                device.accepted_word = value & 1;
                break;
        case 0x28:
                CHECK(!card.modern);
                device.page_size = value;
                break;
        case 0x30:
                CHECK(value < 2);
                device.selected = value;
                break;
        case 0x50:
                CHECK(value < 2 && card.status & 4);
                card.notified[value]++;
                break;
        case 0x64:
                card.interrupt &= ~value;
                break;
        case 0x70:
                write_status(value);
                break;
        default:
                CHECK(offset >= 0x38 && offset <= 0xa4);
                write_queue(&device.ring[device.selected], offset, value);
        }
}

const struct virtio_access card_access = {read_register, write_register};

unsigned card_waiting(unsigned queue)
{
        struct ring *r = &device.ring[queue];

        return card.status & 4 ? (uint16_t)(number(r->available + 2, 2) - r->taken) : 0;
}

static void finish(struct ring *r, uint32_t id, uint32_t length)
{
        uint64_t at = r->used + 4 + 8 * (r->done % r->size);

        set_number(at, 4, id);
        set_number(at + 4, 4, length);
        set_number(r->used, 2, card.no_notify);
        set_number(r->used + 2, 2, ++r->done);
        card.interrupt |= !(number(r->available, 2) & 1);
}

/* Copy between a chain and `bytes`, header first: all of the chain, or as far as `length` goes.  Answers how far it went. */
static uint32_t move(struct ring *r, uint16_t id, char *bytes, uint32_t length, bool in)
{
        uint32_t done = 0, seen = 0;
        bool more = true;

        while (more) {
                uint64_t at = r->descriptors + 16ull * id;
                uint32_t size = (uint32_t)number(at + 8, 4), flags = (uint32_t)number(at + 12, 2);
                uint32_t now = size < length - done ? size : length - done;

                CHECK(id < r->size && seen++ < r->size && !!(flags & 2) == in && size > 0);
                if (in)
                        memcpy(memory(number(at, 8), size), bytes + done, now);
                else
                        memcpy(bytes + done, memory(number(at, 8), size), now);
                CHECK(in || now == size);
                done += now;
                more = flags & 1;
                id = (uint16_t)number(at + 14, 2);
        }
        return done;
}

static uint16_t take(struct ring *r)
{
        return (uint16_t)number(r->available + 4 + 2 * (r->taken++ % r->size), 2);
}

static uint32_t header_size(void)
{
        return card.modern ? 12 : 10;
}

bool card_receive(const void *frame, uint32_t length)
{
        struct ring *r = &device.ring[0];
        char bytes[4096] = {0};
        uint16_t id;

        if (!card_waiting(0))
                return false;
        id = take(r);
        memset(bytes, 0, header_size());
        if (card.modern)
                bytes[10] = 1; /* the number of buffers, for who looks */
        memcpy(bytes + header_size(), frame, length);
        finish(r, id, move(r, id, bytes, header_size() + length, true));
        return true;
}

uint32_t card_sent(void *frame, uint32_t room)
{
        struct ring *r = &device.ring[1];
        char bytes[4096];
        uint32_t length;
        uint16_t id;

        if (!card_waiting(1))
                return 0;
        id = take(r);
        length = move(r, id, bytes, sizeof(bytes), false);
        CHECK(length >= header_size());
        for (uint32_t i = 0; i < header_size(); i++)
                CHECK(bytes[i] == 0);
        length -= header_size();
        CHECK(length <= room);
        memcpy(frame, bytes + header_size(), length);
        finish(r, id, 0);
        return length;
}

void card_lie(unsigned queue, uint32_t id, uint32_t length, uint16_t by)
{
        struct ring *r = &device.ring[queue];

        r->done = (uint16_t)(r->done + by - 1);
        finish(r, id, length);
}

void card_break(void)
{
        card.status |= 64;
        card.interrupt |= 2;
}
