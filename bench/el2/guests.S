/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guests of the measurements run, at EL1 with the MMU off. */
        .text
        .macro  code name
        .global guest_\name
guest_\name:
        .endm

        code    yields                  /* a system call: seL4_SysYield */
        mov     x7, #-11
1:      hvc     #0
        b       1b

        code    aborts                  /* x0: an address without memory */
        ldr     w1, [x0]
        b       guest_aborts

        code    waits
        wfi
        b       guest_waits

        code    reads                   /* a register that traps */
        mrs     x1, cntpct_el0
        b       guest_reads

        code    calls                   /* a system call that there is not */
        mov     x7, #5
1:      hvc     #0
        b       1b

        code    times                   /* the timer, whose time has come for ever */
        msr     cntv_cval_el0, xzr
        mov     x1, #1
        msr     cntv_ctl_el0, x1
        isb
        b       .

        code    takes                   /* x0: GICv2's interface; opens it, says so, takes and ends what comes */
        mov     w1, #0xf8
        str     w1, [x0, #4]
        mov     w1, #1
        str     w1, [x0]
        mov     x7, #5
        hvc     #0
1:      ldr     w1, [x0, #0xc]
        str     w1, [x0, #0x10]
        b       1b

        code    mixes                   /* exits of several kinds, each answered behind it; x0: an address without memory */
        mov     x7, #5
1:      ldr     w1, [x0]
        hvc     #0
        mrs     x1, cntpct_el0
        wfi
        b       1b

        code    computes                /* without an exit; x0: memory */
        ldr     x1, [x0]
        add     x1, x1, #1
        str     x1, [x0]
        b       guest_computes

        code    interrupts              /* x0: a word of a device that makes it interrupt; x1: when that was */
        mov     w2, #1 << 5
1:      isb
        mrs     x1, cntvct_el0
        str     w2, [x0]
        b       1b
