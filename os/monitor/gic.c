/* SPDX-License-Identifier: BSD-2-Clause */
/* See gic.h. */
#include "os/monitor/gic.h"

enum { BANK_BYTES = 0x80, TRIGGER_SGIS = 0xaaaaaaaau };

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
        unsigned word = (unsigned)(offset - GIC_TRIGGER) / 4;

        return word * 16 >= first && word < IRQ_WORDS * 2 ? &irqs.trigger[word] : NULL;
}

static uint32_t lanes_of(uint64_t offset, unsigned width)
{
        uint32_t mask = width >= 4 ? ~0u : (1u << 8 * width) - 1;

        return mask << offset % 4 * 8;
}

static uint32_t read_bytes(uint64_t offset, unsigned width, unsigned first)
{
        uint32_t value = 0;

        for (unsigned i = 0; i < width; i++) {
                const uint8_t *byte = byte_of(offset + i, first);

                value |= byte ? (uint32_t)*byte << 8 * i : 0;
        }
        return value;
}

uint32_t gic_read(uint64_t offset, unsigned width, unsigned first)
{
        unsigned word = offset % BANK_BYTES / 4;
        uint32_t value = 0;
        const uint32_t *trigger;

        if (offset >= GIC_PRIORITY && offset < GIC_TRIGGER)
                return read_bytes(offset, width, first);
        if (offset >= GIC_TRIGGER) {
                trigger = word_of_trigger(offset, first);
                value = trigger ? *trigger : 0;
        } else if (word < IRQ_WORDS && word >= first / 32) {
                value = read_bank(offset & ~(uint64_t)(BANK_BYTES - 1), word);
        }
        return (value & lanes_of(offset, width)) >> offset % 4 * 8;
}

static void write_bytes(uint64_t offset, unsigned width, uint32_t value, unsigned first)
{
        for (unsigned i = 0; i < width; i++, value >>= 8) {
                uint8_t *byte = byte_of(offset + i, first);

                if (byte)
                        *byte = (uint8_t)value;
        }
}

void gic_write(uint64_t offset, unsigned width, uint32_t value, unsigned first)
{
        unsigned word = offset % BANK_BYTES / 4;
        uint32_t lanes = lanes_of(offset, width);
        uint32_t *trigger;

        if (offset >= GIC_PRIORITY && offset < GIC_TRIGGER) {
                write_bytes(offset, width, value, first);
                return;
        }
        value = value << offset % 4 * 8 & lanes;
        if (offset >= GIC_TRIGGER) {
                trigger = word_of_trigger(offset, first);
                if (trigger && trigger != irqs.trigger)
                        *trigger = (*trigger & ~lanes) | value;
        } else if (word < IRQ_WORDS && word >= first / 32) {
                write_bank(offset & ~(uint64_t)(BANK_BYTES - 1), word, value, lanes);
        }
        irq_deliver();
}
