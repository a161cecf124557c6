/* SPDX-License-Identifier: BSD-2-Clause */
/* What guests run: each ends in HVC with x7 = 5, no system call, so the monitor sees all registers.  MMU off. */
#include "tests/el2/guest_code.inc"
        .text

        code    identity                /* x0 to x3: CurrentEL, MPIDR, SCTLR, MIDR */
        mrs     x0, currentel
        mrs     x1, mpidr_el1
        mrs     x2, sctlr_el1
        mrs     x3, midr_el1
        done

        .global guest_smc_at, guest_wfi_at, guest_counter_at
        code    traps
guest_smc_at:
        smc     #7
guest_wfi_at:
        wfi
guest_counter_at:
        mrs     x0, cntpct_el0
        done

        code    debug_put               /* a system call of the debug kernel */
        mov     x0, #10
        mov     x7, #-12
        hvc     #0
        mov     x0, #1
        done

        code    vector                  /* x0: memory for vectors; SVC, BRK and an undefined word arrive there */
        adr     x1, vectors
        msr     vbar_el1, x1
        isb
        mov     x10, #0
        svc     #1
        mov     x11, x10
        brk     #2
        mov     x12, x10
        .word   0
        mov     x0, x11
        mov     x1, x12
        mov     x2, x10
        done

        .balign 2048
vectors:
        .skip   0x200
        mrs     x10, esr_el1            /* of EL1 with SP_EL1 */
        mrs     x9, elr_el1
        ubfx    x8, x10, #26, #6
        cmp     x8, #0x15
        b.eq    1f
        add     x9, x9, #4
        msr     elr_el1, x9
1:      eret
        .balign 0x80
        b       guest_irq               /* interrupts: 0x280 */
        .balign 2048

        .global guest_load_at, guest_store_at, guest_pair_at
        code    access                  /* x0: address */
guest_load_at:
        ldr     w1, [x0]
guest_store_at:
        str     x1, [x0]
guest_pair_at:
        ldp     x2, x3, [x0]
        done

        code    el0                     /* at EL0: SVC arrives at VBAR + 0x400 */
        svc     #3
        b       .
        .balign 2048
        .global guest_el0_vectors
guest_el0_vectors:
        .skip   0x400
        mrs     x0, esr_el1
        mrs     x1, spsr_el1
        mrs     x2, currentel
        done

        code    tpidr                   /* x0: TPIDR_EL1 as it was; then it is x0 */
        mrs     x1, tpidr_el1
        msr     tpidr_el1, x0
        mov     x0, x1
        done

        code    self                    /* system call x10 with x0 to x6, TPIDR_EL1 = x9 meanwhile; x0: label of the answer, x1: TPIDR_EL1 */
        msr     tpidr_el1, x9
        mov     x7, x10
        hvc     #0
        lsr     x0, x1, #12
        .global guest_self_goes_on, guest_self_end
guest_self_goes_on:
        mrs     x1, tpidr_el1
        done
guest_self_end:

/* Native threads: one instruction each, which the kernel reports. */
        .global guest_native_brk, guest_native_counter, guest_native_timer, guest_native_daif, guest_native_zva
        .global guest_native_el, guest_native_hvc, guest_native_smc, guest_native_load
guest_native_brk:
        brk     #2
guest_native_counter:
        mrs     x0, cntpct_el0
guest_native_timer:
        mrs     x0, cntv_ctl_el0
guest_native_daif:
        mrs     x0, daif
guest_native_zva:
        dc      zva, x1
guest_native_el:
        mrs     x0, currentel
guest_native_hvc:
        hvc     #0
guest_native_smc:
        smc     #0
guest_native_load:
        ldr     w2, [x0]

        code    fp                      /* x0 through a vector register to x1 */
        fmov    d0, x0
        fmov    x1, d0
        done

        code    jump
        br      x0

        code    timer                   /* x0: ticks from now; then waits by counting for ever */
        mrs     x1, cntvct_el0
        add     x1, x1, x0
        msr     cntv_cval_el0, x1
        mov     x2, #1
        msr     cntv_ctl_el0, x2
        isb
        mov     x5, #0
1:      add     x5, x5, #1
        b       1b

        code    counter                 /* x0: the virtual counter */
        isb
        mrs     x0, cntvct_el0
        done

/* GICv2: x0 the CPU interface.  Takes interrupts by polling until 1023, ending each; numbers to x20, x21, ... */
        code    poll_v2
        mov     w1, #0xf8
        str     w1, [x0, #4]
        mov     w1, #1
        str     w1, [x0]
        mov     x20, #0
        mov     x21, #0
        mov     x22, #0
        ldr     w20, [x0, #0xc]
        str     w20, [x0, #0x10]
        ldr     w21, [x0, #0xc]
        str     w21, [x0, #0x10]
        ldr     w22, [x0, #0xc]
        str     w22, [x0, #0x10]
        ldr     w23, [x0, #0xc]
        done

        code    take_v2                 /* acknowledges one and reports it; ends it when it continues */
        mov     w1, #0xf8
        str     w1, [x0, #4]
        mov     w1, #1
        str     w1, [x0]
        ldr     w20, [x0, #0xc]
        mov     x7, #5
        hvc     #0
        str     w20, [x0, #0x10]
        done

        code    poll_v3
        mov     x1, #0xf8
        msr     s3_0_c4_c6_0, x1        /* ICC_PMR */
        mov     x1, #1
        msr     s3_0_c12_c12_7, x1      /* ICC_IGRPEN1 */
        isb
        mrs     x20, s3_0_c12_c12_0
        msr     s3_0_c12_c12_1, x20
        isb
        mrs     x21, s3_0_c12_c12_0
        msr     s3_0_c12_c12_1, x21
        isb
        mrs     x22, s3_0_c12_c12_0
        msr     s3_0_c12_c12_1, x22
        isb
        mrs     x23, s3_0_c12_c12_0
        done

        code    take_v3
        mov     x1, #0xf8
        msr     s3_0_c4_c6_0, x1
        mov     x1, #1
        msr     s3_0_c12_c12_7, x1
        isb
        mrs     x20, s3_0_c12_c12_0
        mov     x7, #5
        hvc     #0
        msr     s3_0_c12_c12_1, x20
        isb
        done

        code    interrupted             /* with interrupts open: x20 counts until one is taken, which leaves the loop */
        adr     x1, vectors
        msr     vbar_el1, x1
        isb
        mov     x20, #0
        msr     daifclr, #2
1:      add     x20, x20, #1
        b       1b
guest_irq:
        done

/* Registers that are not among those of the VCPU: written from and read to memory at x0, one word each, in this order. */
        .macro  each do
        \do     csselr_el1, 0
        \do     mdscr_el1, 1
        \do     dbgbvr0_el1, 2
        \do     dbgbcr0_el1, 3
        \do     dbgbvr5_el1, 4
        \do     dbgwvr0_el1, 5
        \do     dbgwvr3_el1, 6
        \do     pmccntr_el0, 7
        \do     pmselr_el0, 8
        \do     pmuserenr_el0, 9
        \do     tpidr_el0, 10
        \do     tpidrro_el0, 11
        \do     sp_el0, 12
        .endm
        .macro  write name, n
        ldr     x1, [x0, #8 * \n]
        msr     \name, x1
        .endm
        .macro  read name, n
        mrs     x1, \name
        str     x1, [x0, #8 * \n]
        .endm
        code    write_others
        each    write
        done
        code    read_others
        each    read
        done

/* The registers of the VCPU that a guest can write and still run. */
        .macro  every do
        \do     ttbr0_el1, 2
        \do     ttbr1_el1, 3
        \do     tcr_el1, 4
        \do     mair_el1, 5
        \do     contextidr_el1, 7
        \do     esr_el1, 11
        \do     far_el1, 12
        \do     par_el1, 13
        \do     vbar_el1, 14
        \do     tpidr_el1, 15
        \do     elr_el1, 18
        \do     spsr_el1, 19
        \do     cntv_cval_el0, 21
        \do     cntkctl_el1, 23
        .endm
        code    write_every
        every   write
        done
        code    read_every
        every   read
        done

/* x0: seed, x1: a word of code, x2: vectors.  For ever: a random instruction, of those that read and write system registers; a
 * random access; a firmware call; a wait. */
        code    hostile
        msr     vbar_el1, x2
        isb
1:      eor     x0, x0, x0, lsl #13
        eor     x0, x0, x0, lsr #7
        eor     x0, x0, x0, lsl #17
        and     x3, x0, #7
        cmp     x3, #4
        b.hs    2f
        cmp     x3, #1
        b.eq    3f
        b.hi    4f
        smc     #0
        b       1b
2:      lsr     x4, x0, #20             /* msr or mrs, op0 2 or 3, from or to x5 */
        ubfx    x4, x4, #0, #17
        lsl     x4, x4, #5
        movz    w6, #0xd510, lsl #16
        orr     w4, w4, w6
        movz    w7, #5
        orr     w4, w4, w7
        mov     x5, x0
        movz    w6, #0xc005             /* msr vbar_el1, x5: only vectors that stage 1 can reach (hostile.c) */
        movk    w6, #0xd518, lsl #16
        cmp     w4, w6
        b.ne    6f
        ubfx    x5, x5, #0, #40
6:      movz    w6, #0x1005             /* msr sctlr_el1, x5: the MMU stays off */
        movk    w6, #0xd518, lsl #16
        cmp     w4, w6
        b.ne    7f
        bic     x5, x5, #1
7:      str     w4, [x1]
        dc      cvau, x1
        dsb     ish
        ic      ivau, x1
        dsb     ish
        isb
        blr     x1                      /* the way back follows the word */
        b       1b
3:      wfi
        b       1b
4:      lsr     x4, x0, #24
        tbz     x0, #9, 5f
        str     x0, [x4]
        b       1b
5:      ldr     x5, [x4]
        b       1b
        .global guest_hostile_end
        .skip   0x400 - (. - guest_hostile)
        nop
        ret
guest_hostile_end:

        .global guest_hostile_vectors, guest_hostile_vectors_end
        .balign 2048
guest_hostile_vectors:
        .rept   16
        mrs     x8, elr_el1
        add     x8, x8, #4
        msr     elr_el1, x8
        eret
        .balign 128
        .endr
guest_hostile_vectors_end:
