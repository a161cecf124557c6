/* SPDX-License-Identifier: BSD-2-Clause */
/* What the measurements of guests share: a guest that runs a piece of guests.S; the test acts as its monitor. */
#pragma once

#include "bench.h"

enum { EL1H = 0x3c5, VIRQ = 40, VIRTUAL_TIMER = 27 };
static const word NOWHERE = 1ul << 38; /* an address without memory */

void guest_yields(void), guest_aborts(void), guest_waits(void), guest_reads(void), guest_calls(void),
        guest_times(void), guest_takes(void), guest_mixes(void), guest_computes(void), guest_interrupts(void);

struct guest {
        struct helper h;
        word vcpu, faults, reply;
};

/* Starts a thread with a VCPU, which runs that code with x0. */
void guest_make(struct guest *g, word priority, void (*code)(void), word x0);
