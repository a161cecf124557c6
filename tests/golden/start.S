/* SPDX-License-Identifier: BSD-2-Clause */
.section .text.start,"ax"
.globl _start
_start:
    ldr x9, =root_stack_top
    mov sp, x9
    ldr x9, =root_tls
    msr tpidr_el0, x9
    bl root_main
1:  b 1b

.globl thread_entry            // x0 = fn, x1 = arg; sp and tpidr_el0 set by the creator
thread_entry:
    mov x9, x0
    mov x0, x1
    blr x9
2:  b 2b

.bss
.balign 4096
.space 65536
root_stack_top:
.balign 64
.globl root_tls
root_tls: .space 256
