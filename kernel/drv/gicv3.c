/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM Generic Interrupt Controller version 3, with affinity routing and the system-register CPU interface.
 *
 * All lines are in non-secure group 1.  Completion is split: delivering a line to user level only drops its priority,
 * so it stays active, and cannot fire again, until the driver acknowledges it.
 */
#include "arch/arch.h"
#include "core/state.h"
#include "drv/drivers.h"
#include "drv/gic.h"

enum {
        /* distributor, and from IGROUPR on also the SGI frame of a redistributor */
        GICD_IGROUPR = 0x080,
        GICD_IGRPMODR = 0xd00,
        GICD_IROUTER = 0x6000,

        GICR_CTLR = 0x00,
        GICR_TYPER = 0x08,
        GICR_WAKER = 0x14,
        GICR_SGI_FRAME = 0x10000,
        GICR_STRIDE = 0x20000,

        CTLR_GROUP1 = 1 << 1 | 1 << 0, /* secure or only view: group 1; non-secure view: both its enables */
        CTLR_ARE = 1 << 4,
        CTLR_RWP = 1u << 31,
        REDIST_RWP = 1 << 3,
        TYPER_LAST = 1 << 4,
        TYPER_VIRTUAL = 1 << 1, /* two more frames per redistributor (GICv4) */
        WAKER_SLEEP = 1 << 1,
        WAKER_ASLEEP = 1 << 2,

};

#define ICC_SRE     "s3_0_c12_c12_5"
#define ICC_PMR     "s3_0_c4_c6_0"
#define ICC_BPR1    "s3_0_c12_c12_3"
#define ICC_CTLR    "s3_0_c12_c12_4"
#define ICC_IGRPEN1 "s3_0_c12_c12_7"
#define ICC_IAR1    "s3_0_c12_c12_0"
#define ICC_EOIR1   "s3_0_c12_c12_1"
#define ICC_DIR     "s3_0_c12_c11_1"
#define ICC_SGI1R   "s3_0_c12_c11_5"

#define icc_write(name, value) __asm__ volatile("msr " name ", %0" : : "r"((word)(value)) : "memory")

static word dist; /* constant after boot, as these: */
static struct handover_device controller;

static word affinity(void)
{
        word mpidr;

        __asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
        return (mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24;
}

/* The frame that holds a line's bits: private lines are in the redistributor. */
static word frame(word irq)
{
        return irq < 32 ? this_core()->interface + GICR_SGI_FRAME : dist;
}

static void set_bit(word reg, word irq)
{
        gic_set_bit(frame(irq), reg, irq);
}

static void dist_settle(void)
{
        while (*register_at(dist + GICD_CTLR) & CTLR_RWP)
                ;
}

static void redist_settle(void)
{
        while (*register_at(this_core()->interface + GICR_CTLR) & REDIST_RWP)
                ;
}

/* Group, priority and trigger of 32 lines, all masked and forgotten. */
__attribute__((cold)) static void reset_lines(word at, word first)
{
        *register_at(at + GICD_ICENABLER + first / 8) = ~0u;
        *register_at(at + GICD_ICPENDR + first / 8) = ~0u;
        *register_at(at + GICD_ICACTIVER + first / 8) = ~0u;
        *register_at(at + GICD_IGROUPR + first / 8) = ~0u;
        *register_at(at + GICD_IGRPMODR + first / 8) = 0;
        for (word i = first; i < first + 32; i += 4)
                *register_at(at + GICD_IPRIORITYR + i) = (uint32_t)GIC_PRIORITY_ALL;
        if (first > 0) {
                *register_at(at + GICD_ICFGR + first / 4) = 0;
                *register_at(at + GICD_ICFGR + first / 4 + 4) = 0;
        }
}

__attribute__((cold)) static void start_distributor(void)
{
        word self = affinity(), n = gic_lines(dist);

        *register_at(dist + GICD_CTLR) = 0;
        dist_settle();
        *register_at(dist + GICD_CTLR) = CTLR_ARE;
        dist_settle();
        for (word i = 32; i < n; i += 32)
                reset_lines(dist, i);
        for (word i = 32; i < n; i++)
                *(volatile word *)window(dist + GICD_IROUTER + i * 8) = (self & 0xffffff) | self >> 24 << 32;
        dist_settle();
        *register_at(dist + GICD_CTLR) = CTLR_ARE | CTLR_GROUP1;
        dist_settle();
}

/* Which of a region's redistributors is ours, 0 if none. */
__attribute__((cold)) static word find_in(struct handover_range region, word stride)
{
        for (word at = region.start; at + GICR_STRIDE <= region.end;) {
                word type = *(volatile word *)window(at + GICR_TYPER);

                if (type >> 32 == affinity())
                        return at;
                if (type & TYPER_LAST)
                        break;
                at += stride ? stride : type & TYPER_VIRTUAL ? 2 * GICR_STRIDE : GICR_STRIDE;
        }
        return 0;
}

/* That of this core, which must have one. */
__attribute__((cold)) static word find_own(void)
{
        word own = 0;

        for (word r = 1; own == 0 && r <= controller.regions && r < HANDOVER_REG_MAX; r++)
                own = find_in(controller.reg[r], controller.stride);
        return own;
}

__attribute__((cold)) static void start_own(void)
{
        word sre, redist = find_own();

        this_core()->interface = redist;
        *register_at(redist + GICR_WAKER) &= ~(uint32_t)WAKER_SLEEP;
        while (*register_at(redist + GICR_WAKER) & WAKER_ASLEEP)
                ;
        reset_lines(redist + GICR_SGI_FRAME, 0);
        redist_settle();

        __asm__ volatile("mrs %0, " ICC_SRE : "=r"(sre));
        icc_write(ICC_SRE, sre | 1);
        __asm__ volatile("isb");
        icc_write(ICC_PMR, GIC_PRIORITY_MASK);
        icc_write(ICC_BPR1, 0);
        icc_write(ICC_CTLR, 1 << 1); /* completion in two steps */
        icc_write(ICC_IGRPEN1, 1);
        __asm__ volatile("isb");
}

__attribute__((cold)) static void start(void)
{
        start_distributor();
        start_own();
}

static word claim(void)
{
        word irq;

        __asm__ volatile("mrs %0, " ICC_IAR1 "\n dsb sy" : "=r"(irq) : : "memory");
        irq &= 0xffffff;
        return irq < GIC_SPURIOUS ? irq : IRQ_NONE;
}

/* Priority drop only: the line stays active. */
static void deliver(word irq)
{
        icc_write(ICC_EOIR1, irq);
        __asm__ volatile("isb");
}

static void acknowledge(word irq)
{
        icc_write(ICC_DIR, irq);
}

static void finish(word irq)
{
        deliver(irq);
        acknowledge(irq);
}

static void mask(word irq)
{
        set_bit(GICD_ICENABLER, irq);
        if (irq < 32)
                redist_settle();
        else
                dist_settle();
}

static void unmask(word irq)
{
        set_bit(GICD_ISENABLER, irq);
}

__attribute__((cold)) static void set_edge(word irq, bool edge)
{
        mask(irq);
        gic_set_edge(frame(irq), irq, edge);
}

__attribute__((cold)) static void forget(word irq)
{
        mask(irq);
        gic_forget(frame(irq), irq);
}

static bool is_secure(word irq)
{
        return gic_is_secure(frame(irq), irq);
}

/* `target` is an affinity as MPIDR shows it, without its highest level. */
static void send_sgi(word irq, word target)
{
        word list = (word)1 << (target & 15), range = target >> 4 & 15;

        icc_write(ICC_SGI1R, list | (target >> 8 & 0xff) << 16 | irq << 24 | (target >> 16 & 0xff) << 32 |
                                     range << 44 | (target >> 24 & 0xff) << 48);
        __asm__ volatile("isb");
}

/* --- several cores */

static word claim_shared(void)
{
        word irq = claim();

        if (irq >= GIC_SGIS || !(GIC_RINGS >> irq & 1))
                return irq;
        finish(irq);
        return IRQ_NONE;
}

/* As its redistributor reports it. */
static word affinity_of(word number)
{
        const struct core *core = number == this_core()->number ? this_core() : kernel.peer[number];

        return *(volatile word *)window(core->interface + GICR_TYPER) >> 32;
}

static void ring(word number, word sgi)
{
        __asm__ volatile("dsb ishst" : : : "memory");
        send_sgi(sgi, affinity_of(number));
}

/* What is read comes after what was written. */
static void hush(void)
{
        volatile uint32_t *pending = register_at(this_core()->interface + GICR_SGI_FRAME + GICD_ICPENDR);

        *pending = 1 << 1;
        (void)*pending;
        __asm__ volatile("dsb sy" : : : "memory");
}

static void route(word irq, word number)
{
        word to = affinity_of(number);

        *(volatile word *)window(dist + GICD_IROUTER + irq * 8) = (to & 0xffffff) | to >> 24 << 32;
}

static void share(void)
{
        platform.irq.claim = claim_shared;
}

__attribute__((cold)) void gicv3_probe(const struct handover_device *d)
{
        dist = d->reg[0].start;
        controller = *d;
        if (find_own() == 0)
                return;
        platform.irq_last = gic_lines(dist) - 1;
        platform.irq = (struct irq_controller){
                .start = start,
                .claim = claim,
                .finish = finish,
                .mask = mask,
                .forget = forget,
                .unmask = unmask,
                .acknowledge = acknowledge,
                .deliver = deliver,
                .set_edge = set_edge,
                .is_secure = is_secure,
                .send_sgi = send_sgi,
                .target_max = 0xffffffff,
                .share = share,
                .start_own = start_own,
                .ring = ring,
                .hush = hush,
                .route = route,
                .own_lines = GIC_RINGS,
        };
}
