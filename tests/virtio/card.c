/* SPDX-License-Identifier: BSD-2-Clause */
/* See card.h. */
#include "card.h"

#include <string.h>

#include "tests/lib/test.h"

struct card card;
_Alignas(4096) char card_memory[CARD_MEMORY];

static uint32_t read_mac(uint32_t offset, unsigned bytes)
{
        static const uint8_t mac[6] = {0x52, 0x54, 0, 1, 2, 3};

        CHECK(offset >= 0x100 && offset < 0x106 && bytes == 1 && card.device.accepted & 1 << 5);
        return mac[offset - 0x100];
}

void card_reset(bool modern)
{
        memset(&card, 0, sizeof(card));
        memset(card_memory, 0, sizeof(card_memory));
        mmio_reset(&card.device, modern);
        card.device.kind = 1;
        card.device.queues = 2;
        card.device.offered = 1ull << 32 | 1 << 5 | 1 << 0 | 1 << 15 | 1 << 16 | 1 << 17 | 1ull << 35;
        card.device.wanted = ~0ull;
        card.device.config = read_mac;
        card.device.memory = card_memory;
        card.device.memory_bytes = CARD_MEMORY;
        card.device.paddr = CARD_PADDR;
}

unsigned card_waiting(unsigned queue)
{
        return mmio_waiting(&card.device.ring[queue]);
}

static void finish(struct mmio_ring *r, uint32_t id, uint32_t length)
{
        mmio_set_number(r->used, 2, card.no_notify);
        mmio_finish(r, id, length);
}

/* Copy between a chain and `bytes`, header first: all of the chain, or as far as `length` goes.  Returns how far it went. */
static uint32_t move(struct mmio_ring *r, uint16_t id, char *bytes, uint32_t length, bool in)
{
        uint32_t done = 0, seen = 0;
        bool more = true;

        while (more) {
                uint64_t at = r->descriptors + 16ull * id;
                uint32_t size = (uint32_t)mmio_number(at + 8, 4), flags = (uint32_t)mmio_number(at + 12, 2);
                uint32_t now = size < length - done ? size : length - done;

                CHECK(id < r->size && seen++ < r->size && !!(flags & 2) == in && size > 0);
                if (in)
                        memcpy(mmio_memory(mmio_number(at, 8), size), bytes + done, now);
                else
                        memcpy(bytes + done, mmio_memory(mmio_number(at, 8), size), now);
                CHECK(in || now == size);
                done += now;
                more = flags & 1;
                id = (uint16_t)mmio_number(at + 14, 2);
        }
        return done;
}

static uint32_t header_size(void)
{
        return card.device.modern ? 12 : 10;
}

bool card_receive(const void *frame, uint32_t length)
{
        struct mmio_ring *r = &card.device.ring[0];
        char bytes[4096] = {0};
        uint16_t id;

        if (!card_waiting(0))
                return false;
        id = mmio_take(r);
        memset(bytes, 0, header_size());
        if (card.device.modern)
                bytes[10] = 1; /* the number of buffers, for whoever looks */
        memcpy(bytes + header_size(), frame, length);
        finish(r, id, move(r, id, bytes, header_size() + length, true));
        return true;
}

uint32_t card_sent(void *frame, uint32_t room)
{
        struct mmio_ring *r = &card.device.ring[1];
        char bytes[4096];
        uint32_t length;
        uint16_t id;

        if (!card_waiting(1))
                return 0;
        id = mmio_take(r);
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
        struct mmio_ring *r = &card.device.ring[queue];

        r->done = (uint16_t)(r->done + by - 1);
        finish(r, id, length);
}
