/* SPDX-License-Identifier: BSD-2-Clause */
/* The address space capability and the register files of AArch64. */
#pragma once

#include <sel4/config.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/types_gen.h>
#include <sel4/simple_types.h>

typedef seL4_CPtr seL4_ARM_VSpace; /* the top-level table of an address space */

/* Registers of a thread, in the order of seL4_TCB_ReadRegisters and seL4_TCB_WriteRegisters. */
typedef struct seL4_UserContext_ {
        /* frame registers */
        seL4_Word pc; /* where the thread continues; in a system call, the svc itself */
        seL4_Word sp;
        seL4_Word spsr; /* only N, Z, C, V can be set */
        seL4_Word x0, x1, x2, x3, x4, x5, x6, x7, x8;
        seL4_Word x16, x17, x18;
        seL4_Word x29, x30;
        /* integer registers */
        seL4_Word x9, x10, x11, x12, x13, x14, x15;
        seL4_Word x19, x20, x21, x22, x23, x24, x25, x26, x27, x28;
        seL4_Word tpidr_el0; /* TLS base */
        seL4_Word tpidrro_el0;
} seL4_UserContext;

/* Arguments or results of a call to secure firmware. */
typedef struct seL4_ARM_SMCContext_ {
        seL4_Word x0, x1, x2, x3, x4, x5, x6, x7;
} seL4_ARM_SMCContext;
