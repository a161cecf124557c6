/* SPDX-License-Identifier: BSD-2-Clause */
/* void raw_call(word regs[9]): x0-x8 loaded from the array, svc, and put back there. */
.text
.globl raw_call
raw_call:
        str     x0, [sp, #-16]!
        mov     x9, x0
        ldp     x0, x1, [x9]
        ldp     x2, x3, [x9, #16]
        ldp     x4, x5, [x9, #32]
        ldp     x6, x7, [x9, #48]
        ldr     x8, [x9, #64]
        svc     #0
        ldr     x9, [sp], #16
        stp     x0, x1, [x9]
        stp     x2, x3, [x9, #16]
        stp     x4, x5, [x9, #32]
        stp     x6, x7, [x9, #48]
        str     x8, [x9, #64]
        ret
