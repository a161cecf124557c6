/* SPDX-License-Identifier: BSD-2-Clause */
/* What both versions of the GIC have in common: registers with one, two or eight bits for each line, at the same offsets.
 *
 * Level 2.  `at` is the block that holds a line's bits: the distributor, or in version 3 a frame of a redistributor.
 */
#pragma once

#include "drv/drivers.h"

enum {
        GICD_CTLR = 0x000,
        GICD_TYPER = 0x004,
        GICD_ISENABLER = 0x100,
        GICD_ICENABLER = 0x180,
        GICD_ICPENDR = 0x280,
        GICD_ICACTIVER = 0x380,
        GICD_IPRIORITYR = 0x400,
        GICD_ICFGR = 0xc00,

        GIC_PRIORITY_ALL = (int)0x80808080, /* four lines in the middle */
        GIC_PRIORITY_MASK = 0xf0,
        GIC_SPURIOUS = 1020, /* this INTID and those above are not lines */
        GIC_SGIS = 16,
        GIC_RINGS = 3, /* SGI 0 and 1 */
};

/* How many lines a distributor has. */
static inline word gic_lines(word at)
{
        return min_word(32 * ((*register_at(at + GICD_TYPER) & 31) + 1), GIC_SPURIOUS);
}

static inline void gic_set_bit(word at, word reg, word irq)
{
        *register_at(at + reg + irq / 32 * 4) = 1u << irq % 32;
}

/* The line must be masked. */
static inline void gic_set_edge(word at, word irq, bool edge)
{
        volatile uint32_t *config = register_at(at + GICD_ICFGR + irq / 16 * 4);
        uint32_t b = 2u << irq % 16 * 2;

        *config = edge ? *config | b : *config & ~b;
}

/* Reset a masked line to its state after boot.  A line that was delivered and not acknowledged is active, and the next owner would never
 * get it. */
static inline void gic_forget(word at, word irq)
{
        if (irq >= GIC_SGIS)
                gic_set_edge(at, irq, false);
        gic_set_bit(at, GICD_ICACTIVER, irq);
        gic_set_bit(at, GICD_ICPENDR, irq);
}

/* The registers of a secure line read as zero and ignore writes, including the write of the priority that every line was given. */
static inline bool gic_is_secure(word at, word irq)
{
        return *(volatile uint8_t *)window(at + GICD_IPRIORITYR + irq) == 0;
}
