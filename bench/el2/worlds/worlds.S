/* SPDX-License-Identifier: BSD-2-Clause */
/* What docs/decisions/011 calls (b), as far as it can be measured without a kernel: a resident part at EL2 that switches between the world of
 * a kernel at EL1 and the world of a guest.  Nothing else happens: the kernel asks for the guest with HVC, the guest's first instruction is
 * an HVC back, and the resident part hands over the syndrome.  It prints the instructions of ROUNDS such round trips, those of the two worlds
 * themselves included (five).
 *
 * x0 to x18 of the kernel's world are lost with its HVC, as with a call; the guest keeps all.  MMU and stage 2 are off: the registers
 * are written all the same, and instructions are what is counted. */
        .equ    ROUNDS, 1000
        .equ    UART, 0x09000000
        .equ    HCR_KERNEL, 1 << 31             // RW
        .equ    HCR_GUEST, 1 << 31 | 1 << 19 | 1 << 13 | 1 << 5 | 1 << 4 | 1 << 3       // RW, TSC, TWI, AMO, IMO, FMO

/* The registers of EL1 and EL0 that both worlds have; each line is a pair. */
        .macro  each_pair pair
        \pair   0, sctlr_el1, cpacr_el1
        \pair   16, ttbr0_el1, ttbr1_el1
        \pair   32, tcr_el1, mair_el1
        \pair   48, amair_el1, vbar_el1
        \pair   64, contextidr_el1, cntkctl_el1
        \pair   80, esr_el1, far_el1
        \pair   96, afsr0_el1, afsr1_el1
        \pair   112, par_el1, csselr_el1
        \pair   128, sp_el1, elr_el1
        \pair   144, spsr_el1, tpidr_el1
        \pair   160, tpidr_el0, tpidrro_el0
        \pair   176, sp_el0, elr_el2
        .endm
        .equ    WORLD, 192                      // then SPSR_EL2
        .macro  keep at, one, other
        mrs     x1, \one
        mrs     x2, \other
        stp     x1, x2, [x0, #\at]
        .endm
        .macro  load at, one, other
        ldp     x1, x2, [x0, #\at]
        msr     \one, x1
        msr     \other, x2
        .endm

        .text
        .global _start
_start: adr     x0, stack
        mov     sp, x0
        adr     x0, vectors
        msr     vbar_el2, x0
        mov     x0, #0x33ff
        msr     cptr_el2, x0
        ldr     x0, =HCR_KERNEL
        msr     hcr_el2, x0
        adr     x0, guest
        adr     x1, guest_world
        str     x0, [x1, #184]                  // ELR_EL2
        mov     x0, #0x3c5                      // EL1h, masked
        str     x0, [x1, #WORLD]
        mrs     x2, sctlr_el1
        str     x2, [x1]
        msr     spsr_el2, x0
        adr     x0, kernel
        msr     elr_el2, x0
        eret

        .balign 16
guest:  hvc     #0
        b       guest

kernel: mov     x0, #1 << 31                    // the cycle counter, which counts instructions here
        msr     pmcntenset_el0, x0
        mov     x0, #1 << 27                    // at EL2 as well
        msr     pmccfiltr_el0, x0
        mov     x0, #0x41
        msr     pmcr_el0, x0
        mov     x19, #ROUNDS
        isb
        mrs     x20, pmccntr_el0
1:      hvc     #0
        subs    x19, x19, #1
        b.ne    1b
        mrs     x21, pmccntr_el0
        sub     x0, x21, x20
        mov     x1, #UART
        mov     x2, #10
        adr     x4, digits
2:      udiv    x5, x0, x2
        msub    x6, x5, x2, x0
        add     w6, w6, #'0'
        strb    w6, [x4, #-1]!
        mov     x0, x5
        cbnz    x0, 2b
3:      ldrb    w6, [x4], #1
        str     w6, [x1]
        cbnz    w6, 3b
        ldr     w0, =0x84000008                 // PSCI SYSTEM_OFF
        smc     #0
4:      b       4b

/* --- the resident part --- */

        .balign 2048
vectors:
        .skip   0x400
        b       switch                          // a call or an abort of EL1, either world's
        .balign 2048

        .macro  kept_by_calls operation
        \operation x19, x20, [x0, #256]
        \operation x21, x22, [x0, #272]
        \operation x23, x24, [x0, #288]
        \operation x25, x26, [x0, #304]
        \operation x27, x28, [x0, #320]
        \operation x29, x30, [x0, #336]
        .endm
        .macro  all_others operation
        \operation x2, x3, [x0, #368]
        \operation x4, x5, [x0, #384]
        \operation x6, x7, [x0, #400]
        \operation x8, x9, [x0, #416]
        \operation x10, x11, [x0, #432]
        \operation x12, x13, [x0, #448]
        \operation x14, x15, [x0, #464]
        \operation x16, x17, [x0, #480]
        str_or_ldr \operation
        .endm
        .macro  str_or_ldr operation
        .ifc    \operation, stp
        str     x18, [x0, #496]
        .else
        ldr     x18, [x0, #496]
        .endif
        .endm

/* Which world it was is in the low bit of TPIDR_EL2. */
switch: stp     x0, x1, [sp, #-16]!
        mrs     x0, tpidr_el2
        cbnz    x0, leave_guest
        add     sp, sp, #16                     // x0 and x1 of the kernel's world
        adr     x0, kernel_world
        kept_by_calls stp
        each_pair keep
        mrs     x1, spsr_el2
        str     x1, [x0, #WORLD]
        adr     x0, guest_world
        msr     tpidr_el2, x0
        ldr     x1, =HCR_GUEST
        msr     hcr_el2, x1
        ldr     x1, [x0, #504]
        msr     vttbr_el2, x1
        each_pair load
        ldr     x1, [x0, #WORLD]
        msr     spsr_el2, x1
        kept_by_calls ldp
        all_others ldp
        ldp     x0, x1, [x0, #352]
        eret

leave_guest:
        all_others stp
        kept_by_calls stp
        ldp     x2, x3, [sp], #16
        stp     x2, x3, [x0, #352]
        each_pair keep
        mrs     x1, spsr_el2
        str     x1, [x0, #WORLD]
        mrs     x3, esr_el2                     // for the kernel, as its call's results
        mrs     x4, far_el2
        mrs     x5, hpfar_el2
        msr     tpidr_el2, xzr
        adr     x0, kernel_world
        ldr     x1, =HCR_KERNEL
        msr     hcr_el2, x1
        msr     vttbr_el2, xzr
        each_pair load
        ldr     x1, [x0, #WORLD]
        msr     spsr_el2, x1
        kept_by_calls ldp
        eret

        .balign 16
kernel_world:
        .skip   512
guest_world:
        .skip   512
        .skip   256
stack:  .skip   32
digits: .byte   '\n', 0
