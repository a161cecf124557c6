/* SPDX-License-Identifier: BSD-2-Clause */
/* Start of the behaviour program on a bare AArch64 machine (EL1, MMU off), and the exception that a trap primitive
 * raises: x0 to x8 go to a function in the place of the kernel and come back from it; all else is preserved, as by
 * a system call. */

#include "../lib/pairs.inc"
.section .text
.globl _start
_start:
        ldr x0, =stack_top
        mov sp, x0
        ldr x0, =vectors
        msr vbar_el1, x0
        ldr x0, =tls
        msr tpidr_el0, x0
        bl main
        bl bare_exit

.balign 2048
vectors:
        .rept 4
        b unexpected
        .balign 128
        .endr
        b from_here // synchronous, from this exception level
        .balign 128
        .rept 11
        b unexpected
        .balign 128
        .endr

from_here:
        sub sp, sp, #176
        pairs stp, x, 0, 17, sp
        stp x18, x29, [sp, #144]
        str x30, [sp, #160]
        mrs x1, esr_el1
        lsr x1, x1, #26
        cmp x1, #0x15 // svc
        b.ne unexpected
        mov x0, sp
        bl tessera_host_trap
        pairs ldp, x, 0, 17, sp
        ldp x18, x29, [sp, #144]
        ldr x30, [sp, #160]
        add sp, sp, #176
        eret

unexpected:
        mov x0, #99
        bl bare_exit

.bss
.balign 16
.space 65536
stack_top:
tls:
.space 256
.section .note.GNU-stack, "", %progbits
