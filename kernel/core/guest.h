/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtual processor as data: what arch, drv and vcpu/ share (vcpu/vcpu.h says what it means). */
#pragma once

#include "core/word.h"

struct thread;

/* Where a thread keeps its VCPU, for assembly. */
enum { THREAD_VCPU_AT = 664 };

/* Public register numbers.  Those of the range are in the machine while the VCPU is resident; the others, which native threads
 * need for themselves, only while it is active. */
enum vcpu_register {
        VCPU_SCTLR,
        VCPU_CPACR,
        VCPU_RANGE_FIRST,
        VCPU_VMPIDR = 16,
        VCPU_RANGE_LAST = 19,
        VCPU_CNTV_CTL,
        VCPU_CNTV_CVAL,
        VCPU_CNTVOFF,
        VCPU_CNTKCTL,
        VCPU_REGISTERS,
};

enum { LIST_REGISTERS = 64, BREAKPOINTS = 16, COUNTERS = 31 };

/* The virtual interrupt interface, in the words of the machine's controller. */
struct virtual_interface {
        word control, vmcr, active; /* enable word; what the guest wrote; active priorities */
        word list[LIST_REGISTERS];
};

/* Registers that few guests use: they trap until the first use, and are kept from then on (arch/aarch64/guest.c). */
struct debug_registers {
        word mdscr;
        word bcr[BREAKPOINTS], bvr[BREAKPOINTS], wcr[BREAKPOINTS], wvr[BREAKPOINTS];
};

struct counter_registers {
        word pmcr, enabled, interrupts, overflows, select, user, filter, cycles;
        word event[COUNTERS], type[COUNTERS];
};

struct vcpu {
        struct thread *thread;    /* Written by vcpu. */
        word reg[VCPU_REGISTERS]; /* Written by vcpu, guest. */
        word csselr;              /* Written by guest. */
        struct virtual_interface interface;
        bool timer_masked; /* the timer's event was reported and not yet acknowledged.  Written by guest_event, vcpu. */
        bool uses_debug, uses_counters; /* Written by guest. */
        struct debug_registers debug;
        struct counter_registers counters;
};
