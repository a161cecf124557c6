/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's processors: threads with a VCPU each, on cores that the server has chosen.
 *
 *      off --CPU_ON--> runs --a fault--> stands --answer--> runs
 *                                          |  '--WFI--> parked --an interrupt, its timer--> stands
 *                                          '--CPU_OFF--> off
 *
 * One that stands is answered when its fault has been handled; that is what processor_go is for.  One that is off or parked stands as well
 * (except before its first start): its fault is not answered.
 */
#pragma once

#include "os/monitor/irq.h"
#include <sel4/sel4.h>

struct processor {
        seL4_CPtr tcb, vcpu;
        seL4_CPtr reply; /* while it stands */
        unsigned number;
        bool begun;  /* it has been on */
        bool stands; /* it waits for our answer */
        bool parked; /* and that waits for an interrupt */
        bool told; /* an interrupt was put into a list register since its last fault: that may have come before */
        uint64_t due; /* parked: at this tick its timer fires; 0: never */
        struct irq_own irq;
};

/* So many, from the server, all off; the first one is the caller from now on. */
void processors_open(unsigned count);

uint32_t processors_all(void); /* a bit for each */
bool processor_is_on(const struct processor *p);

/* On, at that address with that x0: what the architecture says of a reset.  False: the kernel refuses. */
bool processor_start(struct processor *p, uint64_t entry, uint64_t x0);
void processor_stop(struct processor *p); /* off; its fault stays unanswered */

/* Its fault is handled: it is answered when the monitor waits for the next one. */
void processor_go(struct processor *p);

/* It waits for an interrupt, or until that tick (0: for ever); and there is one. */
void processor_park(struct processor *p, uint64_t due);
void processor_wake(struct processor *p);

/* A signal has come, with these bits: wake those whose time it is. */
void processors_look(seL4_Word badge);

/* Answer those that go, and wait for the next fault or signal. */
seL4_MessageInfo_t processors_await(seL4_Word *badge);

/* Nothing of the guest runs any more. */
void processors_end(void);
