/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_record(x9, x10, x11, x12) for trace_point.h; back to x16. */

.section .text.trace_point, "ax"
.globl trace_point
trace_point:
        stp     x0, x1, [sp, #-160]!
        stp     x2, x3, [sp, #16]
        stp     x4, x5, [sp, #32]
        stp     x6, x7, [sp, #48]
        stp     x8, x13, [sp, #64]
        stp     x14, x15, [sp, #80]
        stp     x16, x18, [sp, #96]
        str     x30, [sp, #112]
        mov     x0, x9
        mov     x1, x10
        mov     x2, x11
        mov     x3, x12
        bl      trace_record
        ldp     x2, x3, [sp, #16]
        ldp     x4, x5, [sp, #32]
        ldp     x6, x7, [sp, #48]
        ldp     x8, x13, [sp, #64]
        ldp     x14, x15, [sp, #80]
        ldp     x16, x18, [sp, #96]
        ldr     x30, [sp, #112]
        ldp     x0, x1, [sp], #160
        br      x16
