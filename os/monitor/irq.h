/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts of the guest: which are enabled, pending, and in a list register of the virtual processor.
 *
 * An interrupt is *wanted* while its line is up or an edge of it has not been delivered.  A wanted, enabled one that is in no list register
 * gets one as soon as one is free, the highest priority first; the edge is used up then.  A list register is free when the guest has
 * written the end of its interrupt (maintenance fault).  So every edge is delivered once, even when it comes while the interrupt is
 * disabled, and a line for as long as it is up.  What is in a list register cannot be taken back: a guest that then disables the interrupt
 * still gets it, and Linux copes with such interrupts.
 *
 * Owns `irqs` (irq.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { IRQS = 96, IRQ_WORDS = IRQS / 32, IRQ_PRIVATE = 32, SGIS = 16 };

struct irqs {
        uint32_t enabled[IRQ_WORDS], edge[IRQ_WORDS], line[IRQ_WORDS], listed[IRQ_WORDS], group[IRQ_WORDS],
                active[IRQ_WORDS];
        uint32_t trigger[IRQ_WORDS * 2]; /* ICFGR */
        uint8_t priority[IRQS], target[IRQS];
        bool on; /* the distributor delivers */
};
extern struct irqs irqs;

void irq_open(unsigned gic);
void irq_edge(unsigned irq);
void irq_line(unsigned irq, bool up);

/* Something in `irqs` has changed: deliver what can be.  True: there is something for the guest. */
bool irq_deliver(void);

/* The guest is done with what was in that list register. */
void irq_done(unsigned index);
