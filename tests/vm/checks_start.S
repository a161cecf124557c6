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
