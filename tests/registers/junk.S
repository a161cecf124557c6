/* SPDX-License-Identifier: BSD-2-Clause */
/* Firmware that leaves every register of EL1 (and of EL2, when it runs there) full of junk, as far as the machine works with
 * it, and enters the image: x0 = the device tree.  The two words at the end are filled in by the test. */
        mrs     x9, CurrentEL
        mov     x10, #-1
        cmp     x9, #8
        b.ne    1f
        msr     hstr_el2, x10
        mov     x11, #0x0fe0            /* debugging traps, counters do too */
        msr     mdcr_el2, x11
        msr     cntvoff_el2, x10
        msr     vttbr_el2, x10
        msr     vpidr_el2, x10
        msr     vmpidr_el2, x10
        msr     tpidr_el2, x10
1:      mov     x11, #0xa000            /* breakpoints, also of the kernel */
        orr     x11, x11, #1            /* single steps */
        msr     mdscr_el1, x11
        msr     mdccint_el1, x10
        msr     contextidr_el1, x10
        msr     tpidr_el1, x10
        msr     tpidr_el0, x10
        msr     tpidrro_el0, x10
        msr     cntkctl_el1, x10
        msr     cntp_cval_el0, xzr
        mov     x11, #1
        msr     cntp_ctl_el0, x11       /* its line is up at once */
        msr     pmuserenr_el0, x10
        msr     pmcntenset_el0, x10
        msr     pmintenset_el1, x10
        msr     pmovsset_el0, x10
        msr     pmccfiltr_el0, x10
        mov     x11, #3
        msr     pmselr_el0, x11
        msr     cpacr_el1, x10
        msr     csselr_el1, xzr
        msr     far_el1, x10
        msr     esr_el1, x10
        msr     elr_el1, x10
        msr     afsr0_el1, x10
        msr     afsr1_el1, x10
        msr     mair_el1, x10
        msr     ttbr0_el1, x10
        msr     ttbr1_el1, x10
        msr     vbar_el1, x10
        msr     sp_el0, x10
        mrs     x11, id_aa64dfr0_el1
        ubfx    x12, x11, #40, #4
        cbz     x12, 2f
        msr     s3_0_c1_c2_1, x10       /* TRFCR_EL1 */
2:      mrs     x11, id_aa64pfr0_el1
        ubfx    x12, x11, #44, #4
        cbz     x12, 3f
        msr     s3_3_c13_c2_3, x10      /* AMUSERENR_EL0 */
3:      mrs     x11, sctlr_el1
        orr     x11, x11, #1 << 9       /* UMA */
        orr     x11, x11, #1 << 14      /* DZE */
        orr     x11, x11, #1 << 4       /* SA0 */
        msr     sctlr_el1, x11
        isb
        ldr     x0, tree
        ldr     x16, image
        mov     x1, #-1
        mov     x2, #-1
        mov     x3, #-1
        br      x16
        .balign 8
tree:   .quad   0
image:  .quad   0
