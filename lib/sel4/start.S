/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instructions of a program.
 *
 * A root task enters with sp = 0 and the address of the boot information in x0; a process enters with its System V stack
 * in sp and x0 = 0.  Either way the C part gets (boot information or NULL, original sp) on a stack it can use.
 */
        .text
        .global _start
        .type   _start, %function
_start:
        mov     x29, xzr
        mov     x30, xzr
        mov     x1, sp
        cbnz    x1, 1f
        adrp    x2, start_stack_top
        add     x2, x2, :lo12:start_stack_top
        mov     sp, x2
1:      bl      start_program
        brk     #0

        .bss
        .balign 16
        .skip   64 * 1024
start_stack_top:
        .section .note.GNU-stack,"",%progbits
