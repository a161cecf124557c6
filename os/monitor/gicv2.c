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

static uint64_t read(void *device, uint64_t offset, unsigned width)
{
        (void)device;
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
        if (offset >= GIC_TARGET && offset < TARGETS_SHARED)
                return SELF * 0x01010101u & (uint32_t)((1ull << 8 * width) - 1);
        return offset >= GIC_GROUP && offset < GIC_TRIGGER_END ? gic_read(offset, width, 0) : 0;
}

/* To listed processors, to all others, to itself. */
static void send(uint32_t value)
{
        uint32_t filter = value >> 24 & 3, targets = value >> 16 & 0xff;

        if (filter == 2 || (filter == 0 && targets & SELF))
                irq_edge(value & (SGIS - 1));
        irq_deliver();
}

static void write(void *device, uint64_t offset, unsigned width, uint64_t value)
{
        enum { ALWAYS = (1 << SGIS) - 1 };

        (void)device;
        if (offset == CTLR) {
                irqs.on = value & 1;
                irq_deliver();
        } else if (offset == SGIR) {
                send((uint32_t)value);
        } else if (offset >= GIC_GROUP && offset < GIC_TRIGGER_END &&
                   !(offset >= GIC_TARGET && offset < TARGETS_SHARED)) {
                gic_write(offset, width, (uint32_t)value, 0);
                irqs.enabled[0] |= ALWAYS;
        }
}

void gicv2_open(void)
{
        device_add(&(struct emulated){.base = DISTRIBUTOR, .size = BYTES, .read = read, .write = write});
}
