/* SPDX-License-Identifier: BSD-2-Clause */
/* See gic.h. */
#include "os/monitor/gic.h"

enum { BANK_BYTES = 0x80, WORD_BYTES = 4, TRIGGER_SGIS = 0xaaaaaaaau };

void gic_open(unsigned version)
{
        irq_open(version);
        for (unsigned i = 0; i < monitor.processors; i++)
                monitor.processor[i].irq.trigger[0] = TRIGGER_SGIS;
        if (version == 2)
                gicv2_open();
        else
                gicv3_open();
}

/* The words of a bank of bits. */
static uint32_t read_bank(const struct irq_bits *b, uint64_t bank)
{
        switch (bank) {
        case GIC_GROUP:
                return b->group;
        case GIC_SET_ENABLE:
        case GIC_CLEAR_ENABLE:
                return b->enabled;
        case GIC_SET_PENDING:
        case GIC_CLEAR_PENDING:
                return b->edge | b->line;
        default:
                return b->active;
        }
}

static void write_bank(struct irq_bits *b, uint64_t bank, uint32_t value, uint32_t lanes)
{
        switch (bank) {
        case GIC_GROUP:
                b->group = (b->group & ~lanes) | value;
                break;
        case GIC_SET_ENABLE:
                b->enabled |= value;
                break;
        case GIC_CLEAR_ENABLE:
                b->enabled &= ~value;
                break;
        case GIC_SET_PENDING:
                b->edge |= value;
                break;
        case GIC_CLEAR_PENDING:
                b->edge &= ~value;
                break;
        case GIC_SET_ACTIVE:
                b->active |= value;
                break;
        default:
                b->active &= ~value;
        }
}

static uint8_t *byte_of(struct processor *p, uint64_t offset, unsigned first)
{
        uint64_t irq = offset % 0x400;

        if (irq < first || irq >= IRQS)
                return NULL;
        if (offset >= GIC_TARGET)
                return &irqs.target[irq];
        return irq < IRQ_PRIVATE ? &p->irq.priority[irq] : &irqs.priority[irq];
}

static uint32_t *word_of_trigger(struct processor *p, uint64_t offset, unsigned first)
{
        unsigned word = (unsigned)(offset - GIC_TRIGGER) / WORD_BYTES;

        if (word * 16 < first || word >= IRQ_WORDS * 2)
                return NULL;
        return word < IRQ_PRIVATE / 16 ? &p->irq.trigger[word] : &irqs.trigger[word];
}

static uint32_t read_bytes(struct processor *p, uint64_t offset, unsigned first)
{
        uint32_t value = 0;

        for (unsigned i = 0; i < WORD_BYTES; i++) {
                const uint8_t *byte = byte_of(p, offset + i, first);

                value |= byte ? (uint32_t)*byte << 8 * i : 0;
        }
        return value;
}

static bool is_word_of_bits(unsigned word, unsigned first)
{
        return word < IRQ_WORDS && word >= first / 32;
}

uint32_t gic_read(struct processor *p, uint64_t offset, unsigned first)
{
        unsigned word = offset % BANK_BYTES / WORD_BYTES;
        const uint32_t *trigger;

        if (offset >= GIC_TRIGGER) {
                trigger = word_of_trigger(p, offset, first);
                return trigger ? *trigger : 0;
        }
        if (offset >= GIC_PRIORITY)
                return read_bytes(p, offset, first);
        return is_word_of_bits(word, first)
                       ? read_bank(irq_bits(p, word), offset & ~(uint64_t)(BANK_BYTES - 1))
                       : 0;
}

/* A system with one processor has no choice of targets: they are kept, and mean nothing. */
static void write_bytes(struct processor *p, uint64_t offset, uint32_t value, uint32_t lanes, unsigned first)
{
        for (unsigned i = 0; i < WORD_BYTES; i++, value >>= 8, lanes >>= 8) {
                uint8_t *byte = byte_of(p, offset + i, first);

                if (!byte || !(lanes & 1))
                        continue;
                *byte = (uint8_t)value;
                if (offset >= GIC_TARGET && monitor.processors > 1)
                        irq_route((unsigned)(offset + i) % 0x400, *byte);
        }
}

void gic_write(struct processor *p, uint64_t offset, uint32_t value, uint32_t lanes, unsigned first)
{
        unsigned word = offset % BANK_BYTES / WORD_BYTES;
        uint32_t *trigger;

        if (offset >= GIC_TRIGGER) {
                trigger = word_of_trigger(p, offset, first);
                if (trigger && trigger != p->irq.trigger)
                        gic_put(trigger, value, lanes);
        } else if (offset >= GIC_PRIORITY) {
                write_bytes(p, offset, value, lanes, first);
        } else if (is_word_of_bits(word, first)) {
                write_bank(irq_bits(p, word), offset & ~(uint64_t)(BANK_BYTES - 1), value & lanes, lanes);
                irq_changed(p, word, value & lanes);
        }
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
                words->write(offset, (uint32_t)value, ~0u, false);
                words->write(offset + WORD_BYTES, (uint32_t)(value >> 32), ~0u, true);
        } else {
                words->write(offset - shift / 8, (uint32_t)value << shift,
                             (uint32_t)((1ull << 8 * width) - 1) << shift, true);
        }
}

void gic_add(uint64_t base, uint64_t size, struct gic_words *words)
{
        device_add(&(struct emulated){
                .base = base, .size = size, .read = load, .write = store, .device = words});
}
