/* SPDX-License-Identifier: BSD-2-Clause */
/* checks.c as a kernel: header, stack, and its vectors, which save what C may change. */
#include "../lib/pairs.inc"
        .text
        .globl _start
_start:
        b       start
        .word   0
        .quad   0                       /* text_offset */
        .quad   _end                    /* image_size */
        .quad   0xa
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .word   0
start:
        adrp    x1, stack_top
        mov     sp, x1
        adrp    x1, vectors
        msr     vbar_el1, x1
        isb
        bl      checks
        b       .

/* Another processor begins here: x0 is the end of its stack. */
        .global start_of_another
start_of_another:
        mov     sp, x0
        adrp    x1, vectors
        msr     vbar_el1, x1
        isb
        bl      another
        b       .

        .macro  enter to
        .balign 0x80
        sub     sp, sp, #192
        pairs   stp, x, 0, 17, sp
        stp     x18, x30, [sp, #144]
        bl      \to
        b       leave
        .endm
        .balign 4096
vectors:
        .skip   0x200
        enter   on_exception            /* EL1 with its own stack: synchronous, interrupt */
        enter   on_interrupt
        .balign 0x800
leave:
        pairs   ldp, x, 2, 17, sp, 16
        ldp     x18, x30, [sp, #144]
        ldp     x0, x1, [sp], #192
        eret

        .bss
        .balign 4096
        .skip   4096
stack_top:

        .text
/* x0: a word of a device, x1: 96 words.  Each of x0 to x30 in turn is what a load gets, what a store has, and what a trapped system register
 * is read into; the words say what came of it. */
        .macro  each n, base
        mrs     x\base, tpidr_el0
        mov     x\n, #0
        ldr     w\n, [x\base]
        mrs     x\base, tpidr_el1
        str     x\n, [x\base, #8 * \n]
        mov     x\n, #\n + 1
        mrs     x\base, tpidr_el0
        str     w\n, [x\base, #4]
        ldr     w\n, [x\base, #4]
        mrs     x\base, tpidr_el1
        str     x\n, [x\base, #256 + 8 * \n]
        mov     x\n, #-1
        mrs     x\n, cntpct_el0
        str     x\n, [x\base, #512 + 8 * \n]
        .endm
        .global through_each_register
through_each_register:
        msr     tpidr_el0, x0
        msr     tpidr_el1, x1
        stp     x19, x20, [sp, #-96]!
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        stp     x27, x28, [sp, #64]
        stp     x29, x30, [sp, #80]
        each    1, 2
        .irp    n, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
        each    \n, 1
        .endr
        mrs     xzr, cntpct_el0
        ldp     x21, x22, [sp, #16]
        ldp     x23, x24, [sp, #32]
        ldp     x25, x26, [sp, #48]
        ldp     x27, x28, [sp, #64]
        ldp     x29, x30, [sp, #80]
        ldp     x19, x20, [sp], #96
        ret
