/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instructions of a program.
 *
 * A root task enters with sp = 0 and the address of the boot information in x0; a process enters with its System V stack
 * in sp and x0 = 0.  Thread-local storage is the top part of a root task's stack, and lies below what a process finds on
 * its own: start_block says where, in a frame that is given up before the block is written.
 */
        .text
        .global _start
        .type   _start, %function
_start:
        mov     x29, xzr
        mov     x30, xzr
        mov     x19, x0
        mov     x20, sp
        cbnz    x20, 1f
        adrp    x2, start_stack
        add     x2, x2, :lo12:start_stack
        adrp    x3, start_stack_bytes
        ldr     x3, [x3, :lo12:start_stack_bytes]
        add     x2, x2, x3
        mov     sp, x2
1:      mov     x0, x19
        mov     x1, sp
        bl      start_block
        mov     sp, x0
        mov     x2, x0
        mov     x0, x19
        mov     x1, x20
        bl      start_program
        brk     #0

        /* What mkimage must know to refuse a root task whose thread-local data is too large: where the size stands. */
        .section .note.tessera, "a", %note
        .balign 4
        .word   8, 8, 2
        .asciz  "Tessera"
        .xword  start_stack_bytes
        .section .note.GNU-stack,"",%progbits
