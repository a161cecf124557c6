/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest without memory management: each of its CPUs stores its number at an address without memory, calls the firmware,
 * and finally waits. */
.globl _start
_start:
        mov     x1, #0x9000000
        mov     x0, #7
        str     w0, [x1]
        b       1f
.balign 64
        mov     x1, #0x9000000
        mov     x0, #8
        str     w0, [x1, #8]
1:      movz    x0, #0x8400, lsl #16
        smc     #3
        wfi
2:      b       2b
