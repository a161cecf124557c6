/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the interface of a kernel at EL2 differs from that at EL1 (spec el2.md 1, 10, 11): the same tests are compiled for both,
 * by the public options.  Numbers that are only seen at EL2 are checked in tests/el2. */
#pragma once

#include <sel4/sel4.h>

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
enum { AT_EL2 = 1 };
#else
enum { AT_EL2 = 0 };
#endif

/* Page tables between a VSpace and a small page, and the translation level of the VSpace itself. */
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
enum { TABLES = 2, ROOT_LEVEL = 1 };
#else
enum { TABLES = 3, ROOT_LEVEL = 0 };
#endif

/* A part of the address space that nobody uses, with tables of its own. */
#define FAR_AWAY (AT_EL2 ? (TABLES == 2 ? 0x7000000000ul : 0x30000000000ul) : 0x300000000000ul)

/* How an exception other than an abort is reported. */
static inline seL4_Word exception_label(seL4_Word number)
{
        return AT_EL2 && number != 0x02000000 ? 8 : seL4_Fault_UserException;
}

static inline seL4_Word exception_length(seL4_Word number)
{
        return exception_label(number) == 8 ? 1 : 5;
}

/* The syndrome of an abort without what stage 2 says of the instruction: the registers it used, and its width. */
static inline seL4_Word plain_abort(seL4_Word status)
{
        return AT_EL2 && status >> 26 == 0x24 && (status >> 24 & 1) ? status & ~0x01ffc000ul : status;
}
