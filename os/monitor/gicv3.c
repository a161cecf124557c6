/* SPDX-License-Identifier: BSD-2-Clause */
/* Distributor and redistributor of a GICv3 with one processor (spec el2.md 14.4); the interface is in system registers, without exits.
 * Halves of 64-bit registers can be read and written each; routes are stored. */
#include "os/monitor/gic.h"

enum {
        CTLR = 0x0000,
        TYPER = 0x0004,
        IIDR = 0x0008,
        ROUTES = 0x6000,
        PIDR2 = 0xffe8,
        PIDR2_GICV3 = 0x3b,
        IIDR_ARM = 0x43b,
        BYTES = 0x10000,
        CTLR_KEPT = 0x12, /* group 1 on; affinity routing, which is always on */
        CTLR_GROUP1 = 0x02,
        CTLR_ROUTING = 0x10,
        TYPER_ID_BITS = 9 << 19, /* interrupt numbers of 10 bits */
};
enum {
        R_CTLR = 0x0000,
        R_IIDR = 0x0004,
        R_TYPER = 0x0008,
        R_WAKER = 0x0014,
        R_PRIVATE = 0x10000,
        R_TYPER_LAST = 0x10
};
enum { WAKER_SLEEP = 2, WAKER_ASLEEP = 4 };

static uint64_t route[IRQS];
static bool sleeps = true;

/* The bytes of a 64-bit register that an access sees. */
static uint64_t part(uint64_t value, uint64_t offset, unsigned width)
{
        value >>= offset % 8 * 8;
        return width == 8 ? value : value & ((1ull << 8 * width) - 1);
}

static uint64_t distributor_read(void *device, uint64_t offset, unsigned width)
{
        (void)device;
        switch (offset) {
        case CTLR:
                return (irqs.on ? CTLR_GROUP1 : 0) | CTLR_ROUTING;
        case TYPER:
                return (IRQS / 32 - 1) | TYPER_ID_BITS;
        case IIDR:
                return IIDR_ARM;
        case PIDR2:
                return PIDR2_GICV3;
        }
        if (offset >= ROUTES && offset < ROUTES + sizeof(route))
                return part(route[(offset - ROUTES) / 8], offset, width);
        return offset >= GIC_GROUP && offset < GIC_TRIGGER_END ? gic_read(offset, width, IRQ_PRIVATE) : 0;
}

static void write_route(uint64_t *r, uint64_t offset, unsigned width, uint64_t value)
{
        unsigned shift = offset % 8 * 8;
        uint64_t mask = (width == 8 ? ~0ull : (1ull << 8 * width) - 1) << shift;

        *r = (*r & ~mask) | (value << shift & mask);
}

static void distributor_write(void *device, uint64_t offset, unsigned width, uint64_t value)
{
        (void)device;
        if (offset == CTLR) {
                irqs.on = value & CTLR_GROUP1;
                irq_deliver();
        } else if (offset >= ROUTES + 8 * IRQ_PRIVATE && offset < ROUTES + sizeof(route)) {
                write_route(&route[(offset - ROUTES) / 8], offset, width, value);
        } else if (offset >= GIC_GROUP && offset < GIC_TRIGGER_END) {
                gic_write(offset, width, (uint32_t)value, IRQ_PRIVATE);
        }
}

/* The registers of private interrupts lie where a distributor would have them. */
static uint64_t redistributor_read(void *device, uint64_t offset, unsigned width)
{
        (void)device;
        switch (offset & ~4ull) {
        case R_TYPER:
                return part(R_TYPER_LAST, offset, width);
        }
        switch (offset) {
        case R_IIDR:
                return IIDR_ARM;
        case R_WAKER:
                return sleeps ? WAKER_SLEEP | WAKER_ASLEEP : 0;
        case PIDR2:
        case R_PRIVATE + PIDR2:
                return PIDR2_GICV3;
        }
        if (offset < R_PRIVATE + GIC_GROUP || offset >= R_PRIVATE + GIC_TRIGGER + 8)
                return 0;
        offset -= R_PRIVATE;
        if (offset < GIC_PRIORITY ? offset % 0x80 >= 4
                                  : offset < GIC_TRIGGER && offset >= GIC_PRIORITY + IRQ_PRIVATE)
                return 0;
        return gic_read(offset, width, 0);
}

static void redistributor_write(void *device, uint64_t offset, unsigned width, uint64_t value)
{
        (void)device;
        if (offset == R_WAKER)
                sleeps = value & WAKER_SLEEP;
        if (offset < R_PRIVATE + GIC_GROUP || offset >= R_PRIVATE + GIC_TRIGGER + 8)
                return;
        offset -= R_PRIVATE;
        if (offset < GIC_PRIORITY ? offset % 0x80 >= 4
                                  : offset < GIC_TRIGGER && offset >= GIC_PRIORITY + IRQ_PRIVATE)
                return;
        gic_write(offset, width, (uint32_t)value, 0);
}

void gicv3_open(void)
{
        device_add(&(struct emulated){
                .base = DISTRIBUTOR, .size = BYTES, .read = distributor_read, .write = distributor_write});
        device_add(&(struct emulated){.base = REDISTRIBUTOR,
                                      .size = REDISTRIBUTOR_BYTES,
                                      .read = redistributor_read,
                                      .write = redistributor_write});
}
