/* SPDX-License-Identifier: BSD-2-Clause */
/* First instructions of a test root task: a stack and thread-local data, then C.  x0 = bootinfo. */
.section .text.start, "ax"
.globl _start
_start:
        ldr     x9, =root_stack_top
        mov     sp, x9
        ldr     x9, =root_tls
        msr     tpidr_el0, x9
        bl      root_main
1:      b       1b

.bss
.balign 4096
.space 65536
root_stack_top:
.balign 64
root_tls:
.space 1024
