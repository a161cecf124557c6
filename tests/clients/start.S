/* SPDX-License-Identifier: BSD-2-Clause */
.globl _start
_start: adrp x9, stack
        add  sp, x9, #4096
        msr  tpidr_el0, x9
        bl   hello
1:      b    1b
.bss
.balign 4096
stack:  .space 4096
