/* SPDX-License-Identifier: BSD-2-Clause */
/* Distributor and redistributors of a GICv3 (spec el2.md 14.4), one for each processor; the interface is in system registers, without
 * exits. */
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
        R_TYPER_AFFINITY = 0x000c,
        R_WAKER = 0x0014,
        R_PRIVATE = 0x10000,
        R_TYPER_LAST = 0x10,
        R_TYPER_NUMBER_SHIFT = 8
};
enum { WAKER_SLEEP = 2, WAKER_ASLEEP = 4 };

static uint32_t route[IRQS][2]; /* halves of a register of 64 bits */

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
        return is_of_interrupts(offset) ? gic_read(monitor.caller, offset, IRQ_PRIVATE) : 0;
}

/* One processor by its affinity, or any. */
static void follow_route(unsigned irq)
{
        enum { ANY = 1u << 31, AFFINITY_0_TO_2 = 0xffffff, AFFINITY_3 = 0xff };
        uint32_t number = route[irq][0] & AFFINITY_0_TO_2;

        if (route[irq][0] & ANY)
                irq_route(irq, processors_all());
        else
                irq_route(irq,
                          number < monitor.processors && !(route[irq][1] & AFFINITY_3) ? 1u << number : 0);
}

/* A route that is written at once is followed at once, not after each of its halves. */
static void distributor_put(uint64_t offset, uint32_t value, uint32_t lanes, bool last)
{
        if (offset == CTLR && lanes & 1) {
                irqs.on = value & CTLR_GROUP1;
                irq_changed_all();
        } else if (is_route(offset)) {
                gic_put(&route[(offset - ROUTES) / 8][offset / 4 % 2], value, lanes);
                if (last)
                        follow_route((unsigned)(offset - ROUTES) / 8);
        } else if (is_of_interrupts(offset)) {
                gic_write(monitor.caller, offset, value, lanes, IRQ_PRIVATE);
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

static struct processor *processor_at(uint64_t offset)
{
        return &monitor.processor[offset / REDISTRIBUTOR_BYTES];
}

static uint32_t redistributor_word(uint64_t offset)
{
        struct processor *p = processor_at(offset);

        offset %= REDISTRIBUTOR_BYTES;
        switch (offset) {
        case R_IIDR:
                return IIDR_ARM;
        case R_TYPER:
                return p->number << R_TYPER_NUMBER_SHIFT |
                       (p->number == monitor.processors - 1 ? R_TYPER_LAST : 0);
        case R_TYPER_AFFINITY:
                return p->number;
        case R_WAKER:
                return p->irq.sleeps ? WAKER_SLEEP | WAKER_ASLEEP : 0;
        case PIDR2:
        case R_PRIVATE + PIDR2:
                return PIDR2_GICV3;
        }
        return is_private(offset) ? gic_read(p, offset - R_PRIVATE, 0) : 0;
}

static void redistributor_put(uint64_t offset, uint32_t value, uint32_t lanes, bool last)
{
        struct processor *p = processor_at(offset);

        (void)last;
        offset %= REDISTRIBUTOR_BYTES;
        if (offset == R_WAKER && lanes & WAKER_SLEEP)
                p->irq.sleeps = value & WAKER_SLEEP;
        else if (is_private(offset))
                gic_write(p, offset - R_PRIVATE, value, lanes, 0);
}

void gicv3_open(void)
{
        static struct gic_words distributor = {distributor_word, distributor_put},
                                redistributor = {redistributor_word, redistributor_put};

        for (unsigned irq = IRQ_PRIVATE; irq < IRQS; irq++)
                irq_route(irq, 1);
        gic_add(DISTRIBUTOR, BYTES, &distributor);
        gic_add(REDISTRIBUTOR, (uint64_t)monitor.processors * REDISTRIBUTOR_BYTES, &redistributor);
}
