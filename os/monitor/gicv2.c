/* SPDX-License-Identifier: BSD-2-Clause */
/* The distributor of a GICv2 with one processor (spec el2.md 14.3); its interface is the machine's own, without exits. */
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
        SELF = 1, /* this processor among targets */
};

static bool is_own_target(uint64_t offset)
{
        return offset >= GIC_TARGET && offset < TARGETS_SHARED;
}

static uint32_t read_word(uint64_t offset)
{
        switch (offset) {
        case CTLR:
                return irqs.on;
        case TYPER:
                return IRQS / 32 - 1;
        case IIDR:
                return IIDR_ARM;
        case PIDR2:
                return PIDR2_GICV2;
        }
        if (is_own_target(offset))
                return SELF * 0x01010101u;
        return offset >= GIC_GROUP && offset < GIC_TRIGGER_END ? gic_read(offset, 0) : 0;
}

/* To listed processors, to all others, to itself. */
static void send(uint32_t value)
{
        uint32_t filter = value >> 24 & 3, targets = value >> 16 & 0xff;

        if (filter == 2 || (filter == 0 && targets & SELF))
                irq_edge(value & (SGIS - 1));
        irq_deliver();
}

/* Part of a request to send is none. */
static void write_word(uint64_t offset, uint32_t value, uint32_t lanes)
{
        enum { ALWAYS = (1 << SGIS) - 1 };

        if (offset == CTLR && lanes & 1) {
                irqs.on = value & 1;
                irq_deliver();
        } else if (offset == SGIR && lanes == ~0u) {
                send(value);
        } else if (offset >= GIC_GROUP && offset < GIC_TRIGGER_END && !is_own_target(offset)) {
                gic_write(offset, value, lanes, 0);
                irqs.enabled[0] |= ALWAYS;
        }
}

void gicv2_open(void)
{
        static struct gic_words words = {read_word, write_word};

        gic_add(DISTRIBUTOR, BYTES, &words);
}
