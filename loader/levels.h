/* SPDX-License-Identifier: BSD-2-Clause */
/* For assembly: the state of the exception levels when the loader, or a core that it has started, enters EL1, or the kernel at EL2. */
#pragma once

/* clang-format off */
/* Only the bits that must be one, and A: until the MMU is on, all memory is Device memory, where an unaligned access
 * faults.  With A it does so on emulators too. */
#define SCTLR_OFF   0x30d00802
#define SCTLR_ON    0x34d59805          /* M, C, I; EL0 may use DC CVA*, IC IVAU, CTR_EL0, WFI and WFE */
#define SPSR_EL1H   0x3c5
#define SCTLR_EL2_ON 0x30c51835         /* M, C, I */

/* At EL2: nothing of EL1 is trapped, and the virtual counter has no offset.  Writes x9. */
        .macro  open_el1
        mov     x9, #1 << 31            /* EL1 is AArch64 */
        msr     hcr_el2, x9
        mov     x9, #0x33ff
        msr     cptr_el2, x9
        msr     hstr_el2, xzr
        mrs     x9, cnthctl_el2
        orr     x9, x9, #3
        msr     cnthctl_el2, x9
        msr     cntvoff_el2, xzr
        msr     vttbr_el2, xzr
        mrs     x9, midr_el1
        msr     vpidr_el2, x9
        mrs     x9, mpidr_el1
        msr     vmpidr_el2, x9
        mrs     x9, id_aa64dfr0_el1     /* all event counters belong to EL1, if there are any */
        ubfx    x9, x9, #8, #4
        sub     x9, x9, #1
        cmp     x9, #14
        mov     x9, #0
        b.hs    8f
        mrs     x9, pmcr_el0
        ubfx    x9, x9, #11, #5
8:      msr     mdcr_el2, x9            /* and debugging is not trapped */
        mrs     x9, id_aa64pfr0_el1     /* system-register access to a GICv3 */
        ubfx    x9, x9, #24, #4
        cbz     x9, 9f
        mov     x9, #0xf
        msr     s3_4_c12_c9_5, x9       /* ICC_SRE_EL2 */
9:
        .endm

/* At EL2: this map, from the next instruction on, and nothing of what was translated before. */
        .macro  translate_el2 root, tcr, mair, scratch
        msr     mair_el2, \mair
        msr     tcr_el2, \tcr
        msr     ttbr0_el2, \root
        isb
        tlbi    alle2
        tlbi    alle1
        ic      iallu
        dsb     nsh
        isb
        mov     \scratch, #SCTLR_EL2_ON & 0xffff
        movk    \scratch, #SCTLR_EL2_ON >> 16, lsl #16
        msr     sctlr_el2, \scratch
        isb
        .endm
