/* SPDX-License-Identifier: BSD-2-Clause */
/* Distributor and redistributor of a GICv3 with one processor (spec el2.md 14.4); the interface is in system registers, without exits.
 * Routes are stored: there is one processor. */
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

static uint32_t route[IRQS][2]; /* halves of a register of 64 bits */
static bool sleeps = true;

/* The words of interrupts in the distributor: targets are routes here. */
static bool is_of_interrupts(uint64_t offset)
{
        return offset >= GIC_GROUP && offset < GIC_TRIGGER_END &&
               !(offset >= GIC_TARGET && offset < GIC_TRIGGER);
}

static bool is_route(uint64_t offset)
{
        return offset >= ROUTES + 8 * IRQ_PRIVATE && offset < ROUTES + sizeof(route);
}

static uint32_t distributor_word(uint64_t offset)
{
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
        if (is_route(offset))
                return route[(offset - ROUTES) / 8][offset / 4 % 2];
        return is_of_interrupts(offset) ? gic_read(offset, IRQ_PRIVATE) : 0;
}

static void distributor_put(uint64_t offset, uint32_t value, uint32_t lanes)
{
        if (offset == CTLR && lanes & 1) {
                irqs.on = value & CTLR_GROUP1;
                irq_deliver();
        } else if (is_route(offset)) {
                gic_put(&route[(offset - ROUTES) / 8][offset / 4 % 2], value, lanes);
        } else if (is_of_interrupts(offset)) {
                gic_write(offset, value, lanes, IRQ_PRIVATE);
        }
}

/* The registers of private interrupts lie where a distributor would have them. */
static bool is_private(uint64_t offset)
{
        if (offset < R_PRIVATE + GIC_GROUP || offset >= R_PRIVATE + GIC_TRIGGER + 8)
                return false;
        offset -= R_PRIVATE;
        return offset < GIC_PRIORITY ? offset % 0x80 == 0
                                     : offset < GIC_PRIORITY + IRQ_PRIVATE || offset >= GIC_TRIGGER;
}

static uint32_t redistributor_word(uint64_t offset)
{
        switch (offset) {
        case R_IIDR:
                return IIDR_ARM;
        case R_TYPER:
                return R_TYPER_LAST;
        case R_WAKER:
                return sleeps ? WAKER_SLEEP | WAKER_ASLEEP : 0;
        case PIDR2:
        case R_PRIVATE + PIDR2:
                return PIDR2_GICV3;
        }
        return is_private(offset) ? gic_read(offset - R_PRIVATE, 0) : 0;
}

static void redistributor_put(uint64_t offset, uint32_t value, uint32_t lanes)
{
        if (offset == R_WAKER && lanes & WAKER_SLEEP)
                sleeps = value & WAKER_SLEEP;
        else if (is_private(offset))
                gic_write(offset - R_PRIVATE, value, lanes, 0);
}

void gicv3_open(void)
{
        static struct gic_words distributor = {distributor_word, distributor_put},
                                redistributor = {redistributor_word, redistributor_put};

        gic_add(DISTRIBUTOR, BYTES, &distributor);
        gic_add(REDISTRIBUTOR, REDISTRIBUTOR_BYTES, &redistributor);
}
