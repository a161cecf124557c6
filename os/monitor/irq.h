/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts of the guest: which are enabled, pending, and in a list register of a virtual processor.
 *
 * Those below IRQ_PRIVATE are each processor's own.  The others are shared: one goes to its *home*, the first processor that is on of those
 * that the guest has named for it.
 *
 * An interrupt is *wanted* while its line is up or an edge of it has not been delivered.  A wanted, enabled one that is in no list register
 * gets one of its processor as soon as one is free, the highest priority first; the edge is used up then.  A list register is free when the
 * guest has written the end of its interrupt (maintenance fault).  So every edge is delivered once, even when it comes while the interrupt
 * is disabled, and a line for as long as it is up.  What is in a list register cannot be taken back: a guest that then disables the
 * interrupt, or names another processor for it, still gets it there, and Linux copes with such interrupts.
 *
 * Cost: of a change, what there is to deliver, and a look at 96 bits for each processor that the change is about.
 *
 * Owns `irqs` (irq.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { IRQS = 96, IRQ_WORDS = IRQS / 32, IRQ_PRIVATE = 32, IRQ_SHARED = IRQS - IRQ_PRIVATE, SGIS = 16 };
enum { LISTS = 64 };

struct processor;

/* Of 32 interrupts. */
struct irq_bits {
        uint32_t enabled, edge, line, listed, group, active;
};

/* What a processor has of its own. */
struct irq_own {
        struct irq_bits bits;
        uint32_t here[IRQ_WORDS]; /* interrupts that go to it; of the private ones, all */
        uint32_t trigger[2];      /* ICFGR */
        uint8_t priority[IRQ_PRIVATE];
        uint8_t holds[LISTS]; /* what is in each list register */
        bool edge[LISTS];     /* and whether an edge was used up for it */
        bool timer_masked;    /* the kernel waits for AckVPPI */
        bool sleeps;          /* so its redistributor was told */
};

struct irqs {
        struct irq_bits bits[IRQ_WORDS]; /* the first ones are in each processor */
        uint32_t trigger[IRQ_WORDS * 2];
        uint8_t priority[IRQS], target[IRQS];
        uint8_t set[IRQS];  /* processors that were named for it */
        uint8_t home[IRQS]; /* or IRQ_NOWHERE */
        bool on;            /* the distributor delivers */
};
enum { IRQ_NOWHERE = 0xff };
extern struct irqs irqs;

void irq_open(unsigned gic);

/* The 32 of a word as this processor sees them. */
struct irq_bits *irq_bits(struct processor *p, unsigned word);

/* A device moves its line. */
void irq_line(unsigned irq, bool up);

/* Software interrupt to a set of processors; those that do not exist are left out. */
void irq_send(uint64_t set, unsigned sgi);

/* The timer of a processor has fired. */
void irq_timer(struct processor *p);

/* The guest names processors for a shared interrupt. */
void irq_route(unsigned irq, uint32_t set);

/* Bits of a word have changed as this processor sees them, or any: deliver what can be. */
void irq_changed(struct processor *p, unsigned word, uint32_t bits);
void irq_changed_all(void);

/* Deliver what can be to this one.  True: there is something for it. */
bool irq_deliver(struct processor *p);

/* Something is in its list registers. */
bool irq_holds(const struct processor *p);

/* The guest is done with what was in that list register. */
void irq_done(struct processor *p, unsigned index);

/* A processor was switched off, with what it has not ended, or on, with empty list registers. */
void irq_leave(struct processor *p);
void irq_switched(void);
