/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM Generic Interrupt Controller version 2, also as GIC-400.
 *
 * One group, level triggered, every shared line to this core.  With a secure world the registers show the non-secure
 * view, in which the same bits mean group 1.  A line given to user level is masked and completed at once, so nothing
 * stays active while a driver runs.
 */
#include "core/state.h"
#include "drv/drivers.h"
#include "drv/gic.h"

enum {
        GICD_ITARGETSR = 0x800,
        GICD_SGIR = 0xf00,
        GICD_CPENDSGIR = 0xf10,
        GICC_CTLR = 0x00,
        GICC_PMR = 0x04,
        GICC_BPR = 0x08,
        GICC_IAR = 0x0c,
        GICC_EOIR = 0x10,

        ALIASED = 0x20000, /* a CPU interface whose first page repeats 16 times, and then its second */
        ALIASED_USE = 0xf000,
        PAGE = 0x1000,

        SGI_TARGET_MAX = 7,
};

static word dist, cpu; /* constant after boot */

static void set_bit(word reg, word irq)
{
        gic_set_bit(dist, reg, irq);
}

/* The mask by which the distributor knows this core, in every byte.  A controller for one core has no such
 * register and reads 0. */
static uint32_t self(void)
{
        uint32_t all = 0;

        for (word i = 0; i < 32; i += 4)
                all |= *register_at(dist + GICD_ITARGETSR + i);
        all |= all >> 16;
        all |= all >> 8;
        return (all & 0xff ? all & 0xff : 1) * 0x01010101u;
}

/* Mask the lines from `first` up to `end`, exclusive, clear their state, and set the common priority. */
static void reset_lines(word first, word end)
{
        for (word i = first; i < end; i += 32) {
                *register_at(dist + GICD_ICENABLER + i / 8) = ~0u;
                *register_at(dist + GICD_ICPENDR + i / 8) = ~0u;
                *register_at(dist + GICD_ICACTIVER + i / 8) = ~0u;
        }
        for (word i = first; i < end; i += 4)
                *register_at(dist + GICD_IPRIORITYR + i) = GIC_PRIORITY_ALL;
}

static void start_interface(void)
{
        *register_at(cpu + GICC_CTLR) = 0;
        *register_at(cpu + GICC_PMR) = GIC_PRIORITY_MASK;
        *register_at(cpu + GICC_BPR) = 0;
        *register_at(cpu + GICC_CTLR) = 1;
}

__attribute__((cold)) static void start(void)
{
        uint32_t target = self();
        word n = gic_lines(dist);

        *register_at(dist + GICD_CTLR) = 0;
        reset_lines(0, n);
        for (word i = 32; i < n; i += 4)
                *register_at(dist + GICD_ITARGETSR + i) = target;
        for (word i = 32; i < n; i += 16)
                *register_at(dist + GICD_ICFGR + i / 4) = 0;
        *register_at(dist + GICD_CTLR) = 1;
        start_interface();
        this_core()->interface = target & 0xff;
}

__attribute__((cold)) static void start_own(void)
{
        reset_lines(0, 32);
        start_interface();
        this_core()->interface = self() & 0xff;
}

static word claim(void)
{
        word irq = *register_at(cpu + GICC_IAR) & 0x3ff;

        return irq < GIC_SPURIOUS ? irq : IRQ_NONE;
}

static void finish(word irq)
{
        *register_at(cpu + GICC_EOIR) = (uint32_t)irq;
}

static void mask(word irq)
{
        set_bit(GICD_ICENABLER, irq);
}

static void unmask(word irq)
{
        set_bit(GICD_ISENABLER, irq);
}

static void deliver(word irq)
{
        mask(irq);
        finish(irq);
}

__attribute__((cold)) static void set_edge(word irq, bool edge)
{
        mask(irq);
        gic_set_edge(dist, irq, edge);
}

__attribute__((cold)) static void forget(word irq)
{
        mask(irq);
        gic_forget(dist, irq);
}

static bool is_secure(word irq)
{
        return gic_is_secure(dist, irq);
}

static void send_sgi(word irq, word target)
{
        *register_at(dist + GICD_SGIR) = 1u << (16 + target) | (uint32_t)irq;
}

/* --- several cores: an SGI is ended with the whole word that was read when it was claimed, because that names its sender */

static word claim_named(void)
{
        word raw = *register_at(cpu + GICC_IAR), irq = raw & 0x3ff;

        this_core()->claimed = raw;
        if (irq >= GIC_SPURIOUS)
                return IRQ_NONE;
        if (irq >= GIC_SGIS || !(GIC_RINGS >> irq & 1))
                return irq;
        *register_at(cpu + GICC_EOIR) = (uint32_t)raw;
        return IRQ_NONE;
}

static void finish_named(word irq)
{
        finish(irq < GIC_SGIS ? this_core()->claimed : irq);
}

static void deliver_named(word irq)
{
        mask(irq);
        finish_named(irq);
}

static void ring(word number, word sgi)
{
        const struct core *to = number == this_core()->number ? this_core() : kernel.peer[number];

        __asm__ volatile("dsb ishst" : : : "memory");
        *register_at(dist + GICD_SGIR) = (uint32_t)(to->interface << 16 | sgi);
}

/* What is read comes after what was written. */
static void hush(void)
{
        volatile uint32_t *pending = register_at(dist + GICD_CPENDSGIR);

        *pending = 0xff << 8;
        (void)*pending;
        __asm__ volatile("dsb sy" : : : "memory");
}

static void route(word irq, word number)
{
        const struct core *to = number == this_core()->number ? this_core() : kernel.peer[number];

        *(volatile uint8_t *)window(dist + GICD_ITARGETSR + irq) = (uint8_t)to->interface;
}

static void share(void)
{
        platform.irq.claim = claim_named;
        platform.irq.finish = finish_named;
        platform.irq.deliver = deliver_named;
}

static bool is_aliased(const struct handover_device *d)
{
        return d->reg[1].end - d->reg[1].start >= ALIASED;
}

struct handover_range gicv2_interface(const struct handover_device *d)
{
        word start = d->reg[1].start;

        return is_aliased(d) ? d->reg[1]
                             : (struct handover_range){start, start + min_word(PAGE, d->reg[1].end - start)};
}

__attribute__((cold)) void gicv2_probe(const struct handover_device *d)
{
        dist = d->reg[0].start;
        cpu = d->reg[1].start + (is_aliased(d) ? ALIASED_USE : 0);
        platform.irq_last = gic_lines(dist) - 1;
        platform.irq = (struct irq_controller){
                .start = start,
                .claim = claim,
                .finish = finish,
                .mask = mask,
                .forget = forget,
                .unmask = unmask,
                .acknowledge = unmask,
                .deliver = deliver,
                .set_edge = set_edge,
                .is_secure = is_secure,
                .send_sgi = send_sgi,
                .target_max = SGI_TARGET_MAX,
                .share = share,
                .start_own = start_own,
                .ring = ring,
                .hush = hush,
                .route = route,
                .own_lines = GIC_RINGS,
        };
}
