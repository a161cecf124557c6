/* SPDX-License-Identifier: BSD-2-Clause */
/* Start of the behaviour program on a bare AArch64 machine (EL1, MMU off), and the exception that a trap primitive
 * raises: x0 to x8 go to a function in the place of the kernel and come back from it; all else is preserved, as by
 * a system call. */

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
        stp x0, x1, [sp]
        stp x2, x3, [sp, #16]
        stp x4, x5, [sp, #32]
        stp x6, x7, [sp, #48]
        stp x8, x9, [sp, #64]
        stp x10, x11, [sp, #80]
        stp x12, x13, [sp, #96]
        stp x14, x15, [sp, #112]
        stp x16, x17, [sp, #128]
        stp x18, x29, [sp, #144]
        str x30, [sp, #160]
        mrs x1, esr_el1
        lsr x1, x1, #26
        cmp x1, #0x15 // svc
        b.ne unexpected
        mov x0, sp
        bl tessera_host_trap
        ldp x0, x1, [sp]
        ldp x2, x3, [sp, #16]
        ldp x4, x5, [sp, #32]
        ldp x6, x7, [sp, #48]
        ldp x8, x9, [sp, #64]
        ldp x10, x11, [sp, #80]
        ldp x12, x13, [sp, #96]
        ldp x14, x15, [sp, #112]
        ldp x16, x17, [sp, #128]
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
