/* SPDX-License-Identifier: BSD-2-Clause */
/* checks.c as a kernel: header, stack, and its vectors, which save what C may change. */
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
        stp     x0, x1, [sp]
        stp     x2, x3, [sp, #16]
        stp     x4, x5, [sp, #32]
        stp     x6, x7, [sp, #48]
        stp     x8, x9, [sp, #64]
        stp     x10, x11, [sp, #80]
        stp     x12, x13, [sp, #96]
        stp     x14, x15, [sp, #112]
        stp     x16, x17, [sp, #128]
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
        ldp     x2, x3, [sp, #16]
        ldp     x4, x5, [sp, #32]
        ldp     x6, x7, [sp, #48]
        ldp     x8, x9, [sp, #64]
        ldp     x10, x11, [sp, #80]
        ldp     x12, x13, [sp, #96]
        ldp     x14, x15, [sp, #112]
        ldp     x16, x17, [sp, #128]
        ldp     x18, x30, [sp, #144]
        ldp     x0, x1, [sp], #192
        eret

        .bss
        .balign 4096
        .skip   4096
stack_top:
