/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instruction of the root task of a system of protection domains; x0 is the boot information. */
.section .text.start, "ax"
.globl _start
.type _start, %function
_start:
        adrp    x9, stack_end
        add     x9, x9, :lo12:stack_end
        mov     sp, x9
        mov     x29, xzr
        mov     x30, xzr
        bl      init_system
1:      b       1b
.size _start, . - _start

.bss
.balign 4096
        .space  8192
stack_end:
