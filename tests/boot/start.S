/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps every register as the kernel left it, then goes to C.  Flags first: nothing before may change them. */
#include "../lib/pairs.inc"
        .text
        .global _start
_start:
        adrp    x16, entry_state
        add     x16, x16, :lo12:entry_state
        pairs   stp, x, 0, 15, x16
        stp     xzr, x17, [x16, #128]   /* x16 had to be used */
        pairs   stp, x, 18, 29, x16, 144
        mov     x1, sp
        stp     x30, x1, [x16, #240]
        mrs     x1, tpidr_el0
        mrs     x2, tpidrro_el0
        stp     x1, x2, [x16, #256]
        mrs     x1, nzcv
        mrs     x2, fpcr
        stp     x1, x2, [x16, #272]
        mrs     x1, fpsr
        str     x1, [x16, #288]
        add     x16, x16, #304
        pairs   stp, q, 0, 31, x16, 0, 16
        adrp    x1, stack_end
        add     x1, x1, :lo12:stack_end
        mov     sp, x1
        bl      main
0:      b       0b

        .bss
        .balign 16
        .skip   16384
stack_end:
        .global entry_state
entry_state:
        .skip   816
