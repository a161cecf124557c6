/* SPDX-License-Identifier: BSD-2-Clause */
/* See gic.h. */
#include "os/monitor/gic.h"

enum { BANK_BYTES = 0x80, WORD_BYTES = 4, TRIGGER_SGIS = 0xaaaaaaaau };

void gic_open(unsigned version)
{
        irq_open(version);
        irqs.trigger[0] = TRIGGER_SGIS;
        if (version == 2)
                gicv2_open();
        else
                gicv3_open();
}

/* The words of a bank of bits. */
static uint32_t read_bank(uint64_t bank, unsigned word)
{
        switch (bank) {
        case GIC_GROUP:
                return irqs.group[word];
        case GIC_SET_ENABLE:
        case GIC_CLEAR_ENABLE:
                return irqs.enabled[word];
        case GIC_SET_PENDING:
        case GIC_CLEAR_PENDING:
                return irqs.edge[word] | irqs.line[word];
        default:
                return irqs.active[word];
        }
}

static void write_bank(uint64_t bank, unsigned word, uint32_t value, uint32_t lanes)
{
        switch (bank) {
        case GIC_GROUP:
                irqs.group[word] = (irqs.group[word] & ~lanes) | value;
                break;
        case GIC_SET_ENABLE:
                irqs.enabled[word] |= value;
                break;
        case GIC_CLEAR_ENABLE:
                irqs.enabled[word] &= ~value;
                break;
        case GIC_SET_PENDING:
                irqs.edge[word] |= value;
                break;
        case GIC_CLEAR_PENDING:
                irqs.edge[word] &= ~value;
                break;
        case GIC_SET_ACTIVE:
                irqs.active[word] |= value;
                break;
        default:
                irqs.active[word] &= ~value;
        }
}

static uint8_t *byte_of(uint64_t offset, unsigned first)
{
        uint64_t irq = offset % 0x400;

        if (irq < first || irq >= IRQS)
                return NULL;
        return offset < GIC_TARGET ? &irqs.priority[irq] : &irqs.target[irq];
}

static uint32_t *word_of_trigger(uint64_t offset, unsigned first)
{
        unsigned word = (unsigned)(offset - GIC_TRIGGER) / WORD_BYTES;

        return word * 16 >= first && word < IRQ_WORDS * 2 ? &irqs.trigger[word] : NULL;
}

static uint32_t read_bytes(uint64_t offset, unsigned first)
{
        uint32_t value = 0;

        for (unsigned i = 0; i < WORD_BYTES; i++) {
                const uint8_t *byte = byte_of(offset + i, first);

                value |= byte ? (uint32_t)*byte << 8 * i : 0;
        }
        return value;
}

uint32_t gic_read(uint64_t offset, unsigned first)
{
        unsigned word = offset % BANK_BYTES / WORD_BYTES;
        const uint32_t *trigger;

        if (offset >= GIC_TRIGGER) {
                trigger = word_of_trigger(offset, first);
                return trigger ? *trigger : 0;
        }
        if (offset >= GIC_PRIORITY)
                return read_bytes(offset, first);
        return word < IRQ_WORDS && word >= first / 32 ? read_bank(offset & ~(uint64_t)(BANK_BYTES - 1), word)
                                                      : 0;
}

static void write_bytes(uint64_t offset, uint32_t value, uint32_t lanes, unsigned first)
{
        for (unsigned i = 0; i < WORD_BYTES; i++, value >>= 8, lanes >>= 8) {
                uint8_t *byte = byte_of(offset + i, first);

                if (byte && lanes & 1)
                        *byte = (uint8_t)value;
        }
}

void gic_write(uint64_t offset, uint32_t value, uint32_t lanes, unsigned first)
{
        unsigned word = offset % BANK_BYTES / WORD_BYTES;
        uint32_t *trigger;

        if (offset >= GIC_TRIGGER) {
                trigger = word_of_trigger(offset, first);
                if (trigger && trigger != irqs.trigger)
                        gic_put(trigger, value, lanes);
        } else if (offset >= GIC_PRIORITY) {
                write_bytes(offset, value, lanes, first);
        } else if (word < IRQ_WORDS && word >= first / 32) {
                write_bank(offset & ~(uint64_t)(BANK_BYTES - 1), word, value & lanes, lanes);
        }
        irq_deliver();
}

/* --- accesses of any width --- */

void gic_put(uint32_t *word, uint32_t value, uint32_t lanes)
{
        *word = (*word & ~lanes) | (value & lanes);
}

static uint64_t load(void *device, uint64_t offset, unsigned width)
{
        const struct gic_words *words = device;
        uint64_t at = offset & ~(uint64_t)(WORD_BYTES - 1);

        if (width > WORD_BYTES)
                return words->read(at) | (uint64_t)words->read(at + WORD_BYTES) << 32;
        return words->read(at) >> offset % WORD_BYTES * 8 & (uint32_t)((1ull << 8 * width) - 1);
}

static void store(void *device, uint64_t offset, unsigned width, uint64_t value)
{
        const struct gic_words *words = device;
        unsigned shift = offset % WORD_BYTES * 8;

        if (width > WORD_BYTES) {
                words->write(offset, (uint32_t)value, ~0u);
                words->write(offset + WORD_BYTES, (uint32_t)(value >> 32), ~0u);
        } else {
                words->write(offset - shift / 8, (uint32_t)value << shift,
                             (uint32_t)((1ull << 8 * width) - 1) << shift);
        }
}

void gic_add(uint64_t base, uint64_t size, struct gic_words *words)
{
        device_add(&(struct emulated){
                .base = base, .size = size, .read = load, .write = store, .device = words});
}
