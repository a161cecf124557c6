/* SPDX-License-Identifier: BSD-2-Clause */
/* The distributor of a GICv2 (spec el2.md 14.3), whose registers of private interrupts are those of the processor that asks; the interface
 * is the machine's own, without exits.  A software interrupt that several have sent comes once, and as from processor 0: the kernel's call
 * that injects it has no place for the sender. */
#include "os/monitor/gic.h"

enum {
        CTLR = 0x000,
        TYPER = 0x004,
        IIDR = 0x008,
        TARGETS_SHARED = GIC_TARGET + IRQ_PRIVATE,
        SGIR = 0xf00,
        PIDR2 = 0xfe8,
        PIDR2_GICV2 = 0x2b,
        IIDR_ARM = 0x43b,
        BYTES = 0x1000,
        TYPER_PROCESSORS_SHIFT = 5,
};

static bool is_own_target(uint64_t offset)
{
        return offset >= GIC_TARGET && offset < TARGETS_SHARED;
}

static uint32_t self(void)
{
        return 1u << monitor.caller->number;
}

static uint32_t read_word(uint64_t offset)
{
        switch (offset) {
        case CTLR:
                return irqs.on;
        case TYPER:
                return (IRQS / 32 - 1) | (monitor.processors - 1) << TYPER_PROCESSORS_SHIFT;
        case IIDR:
                return IIDR_ARM;
        case PIDR2:
                return PIDR2_GICV2;
        }
        if (is_own_target(offset))
                return self() * 0x01010101u;
        return offset >= GIC_GROUP && offset < GIC_TRIGGER_END ? gic_read(monitor.caller, offset, 0) : 0;
}

/* To listed processors, to all others, to itself. */
static void send(uint32_t value)
{
        const uint32_t set[] = {value >> 16 & 0xff, ~self(), self(), 0};

        irq_send(set[value >> 24 & 3], value & (SGIS - 1));
}

/* Part of a request to send is none. */
static void write_word(uint64_t offset, uint32_t value, uint32_t lanes, bool last)
{
        enum { ALWAYS = (1 << SGIS) - 1 };

        (void)last;
        if (offset == CTLR && lanes & 1) {
                irqs.on = value & 1;
                irq_changed_all();
        } else if (offset == SGIR && lanes == ~0u) {
                send(value);
        } else if (offset >= GIC_GROUP && offset < GIC_TRIGGER_END && !is_own_target(offset)) {
                gic_write(monitor.caller, offset, value, lanes, 0);
                monitor.caller->irq.bits.enabled |= ALWAYS;
        }
}

void gicv2_open(void)
{
        static struct gic_words words = {read_word, write_word};

        for (unsigned irq = IRQ_PRIVATE; irq < IRQS && monitor.processors == 1; irq++)
                irq_route(irq, 1);
        gic_add(DISTRIBUTOR, BYTES, &words);
}
