/* SPDX-License-Identifier: BSD-2-Clause */
/* What guests on several cores run, beside tests/el2/guest.S.  MMU off. HVC with x7 = 5 is no system call: the monitor sees all. */
#include "tests/el2/guest_code.inc"
        .text

        code    counts                  /* x0: a word, which it counts up for ever, without leaving */
        mov     x1, #0
1:      add     x1, x1, #1
        stlr    x1, [x0]
        b       1b

        code    passes                  /* x0: a word; x1: its own parity; x2: how often.  Waits for its turn and passes the word on */
1:      ldar    x3, [x0]
        and     x4, x3, #1
        cmp     x4, x1
        b.ne    1b
        add     x3, x3, #1
        stlr    x3, [x0]
        subs    x2, x2, #1
        b.ne    1b
        done

/* x0: a word to count in.  All registers that nobody but it may change: the sum of what it computes in FP registers must be that of its
 * integers, TPIDR_EL1 and the virtual counter must be its own; what differs ends it with x0 = which. */
        code    computes
        mov     x20, x0
        mov     x21, #0
        msr     tpidr_el1, x0
        mov     x22, #0
        scvtf   d8, x22
        fmov    d9, #1.0
        mov     x23, #0
1:      add     x22, x22, #1
        fadd    d8, d8, d9
        fcvtzs  x1, d8
        mov     x0, #1
        cmp     x1, x22
        b.ne    2f
        mrs     x1, tpidr_el1
        mov     x0, #2
        cmp     x1, x20
        b.ne    2f
        isb
        mrs     x1, cntvct_el0
        mov     x0, #3
        cmp     x1, x23
        b.lo    2f
        mov     x23, x1
        stlr    x22, [x20]
        b       1b
2:      done

        code    ticks                   /* x0: a word to count in; x1: ticks.  Its timer fires again and again */
        mrs     x2, cntvct_el0
        add     x2, x2, x1
        msr     cntv_cval_el0, x2
        mov     x3, #1
        msr     cntv_ctl_el0, x3
        isb
        mov     x4, #0
1:      add     x4, x4, #1
        stlr    x4, [x0]
        b       1b

/* x0: a notification, x20: a word, behind which lie the numbers of Send and NBWait.  For ever: signals by HVC, and takes the signal back;
 * counts how often.  A call that was not made is noticed, and ends it. */
        code    calls
        mov     x21, x0
        mov     x22, #0
        ldp     x24, x25, [x20, #8]
1:      mov     x0, x21
        mov     x1, #0
        mov     x7, x24
        hvc     #0
        mov     x0, x21
        mov     x6, #0
        mov     x7, x25
        hvc     #0
        cmp     x0, #1                  /* the badge */
        b.ne    2f
        add     x22, x22, #1
        stlr    x22, [x20]
        b       1b
2:      done

/* x0: the GICv2 interface of guests, or 0; x1: a word.  Opens its interface and its interrupts, and counts those that it takes; each one's
 * number is in the second word. */
        code    takes
        mov     x19, x0
        mov     x20, x1
        mov     x21, #0
        adr     x2, takes_vectors
        msr     vbar_el1, x2
        cbz     x19, 1f
        mov     w2, #0xf8
        str     w2, [x19, #4]
        mov     w2, #1
        str     w2, [x19]
        b       2f
1:      mov     x2, #0xf8
        msr     s3_0_c4_c6_0, x2        /* ICC_PMR */
        mov     x2, #1
        msr     s3_0_c12_c12_7, x2      /* ICC_IGRPEN1 */
2:      isb
        msr     daifclr, #2
        mov     x22, #1
3:      str     x22, [x20, #16]         /* it is ready, and runs */
        add     x22, x22, #1
        b       3b
        .balign 2048
takes_vectors:
        .skip   0x280
        cbz     x19, 1f
        ldr     w23, [x19, #0xc]
        str     w23, [x19, #0x10]
        b       2f
1:      mrs     x23, s3_0_c12_c12_0
        msr     s3_0_c12_c12_1, x23
        isb
2:      str     x23, [x20, #8]
        add     x21, x21, #1
        stlr    x21, [x20]
        eret
        .balign 0x80
        .balign 2048
