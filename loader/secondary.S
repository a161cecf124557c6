/* SPDX-License-Identifier: BSD-2-Clause */
/* Where other cores begin: a copy of this in a page that the kernel keeps (secondary.c), entered with the MMU off, at EL2 or EL1, with
 * nothing but the program counter.  It needs no other address: the data that it needs follow it.  They go on at EL1, or at EL2 if the
 * kernel runs there; then one that begins at EL1 is of no use. */
#include "loader/levels.h"

#define CORES 8 /* HANDOVER_CORES_MAX */

.text
.globl core_begin, core_table, core_end
core_begin:
        msr     daifset, #15
        adr     x10, core_table
        ldp     x3, x4, [x10, #16]      /* x3 = 0: the kernel runs at EL2 */
        mrs     x9, CurrentEL
        cmp     x9, #2 << 2
        b.ne    1f
        open_el1
        cbz     x3, 5f
        mov     x9, #SPSR_EL1H
        msr     spsr_el2, x9
        adr     x9, 5f
        msr     elr_el2, x9
        ldr     x9, =SCTLR_OFF
        msr     sctlr_el1, x9
        eret
        dsb     nsh             /* never reached: ends speculation past ERET */
        isb
1:      cbz     x3, 3f
5:      ldp     x1, x2, [x10]
        ldr     x5, [x10, #32]
        mrs     x9, mpidr_el1
        ldr     x11, =0xff00ffffff
        and     x9, x9, x11
        add     x12, x10, #40
        mov     x6, #0
2:      ldp     x7, x8, [x12], #16
        cmp     x7, x9
        b.eq    4f
        add     x6, x6, #1
        cmp     x6, #CORES
        b.lo    2b
3:      wfi                     /* nobody has started this one */
        b       3b
4:      cbz     x3, 6f
        msr     mair_el1, x1
        msr     tcr_el1, x2
        msr     ttbr0_el1, x3
        msr     ttbr1_el1, x8
        isb
        tlbi    vmalle1
        ic      iallu
        dsb     nsh
        isb
        ldr     x9, =SCTLR_ON
        msr     sctlr_el1, x9
        isb
        mov     x0, x5
        mov     x1, x6
        br      x4

6:      mrs     x9, id_aa64pfr0_el1     /* a GICv3: guests find no memory-mapped interface (kernel/drv/vgic3.c) */
        ubfx    x9, x9, #24, #4
        cbz     x9, 7f
        mov     x9, #7
        msr     s3_4_c12_c9_5, x9       /* ICC_SRE_EL2 */
7:      translate_el2 x8, x2, x1, x9
        mov     x0, x5
        mov     x1, x6
        br      x4
        .ltorg
.balign 8
core_table:                     /* struct core_table */
        .skip   40 + 16 * CORES
core_end:
