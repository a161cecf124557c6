/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instruction of a protection domain: the builder has set its stack. */
.section .text.start, "ax"
.globl _start
.type _start, %function
_start:
        mov     x29, xzr
        mov     x30, xzr
        b       main
.size _start, . - _start
