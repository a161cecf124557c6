/* SPDX-License-Identifier: BSD-2-Clause */
/* For trace_point.h: the event x9 (kind), x10, x11, x12 goes to kernel.trace.next; back to x16.  Everything but x9 to x12, x16, x17 and
 * the flags stays. */
#include "arch/aarch64/offsets.h"

.section .text.trace_point, "ax"
.globl trace_point
trace_point:
        stp     x0, x1, [sp, #-32]!
        stp     x2, x3, [sp, #16]
        adrp    x17, kernel + KERNEL_TRACE
        add     x17, x17, :lo12:kernel + KERNEL_TRACE
        adrp    x3, kernel + KERNEL_CORE_NUMBER
        ldr     x3, [x3, :lo12:kernel + KERNEL_CORE_NUMBER]
        mrs     x2, cntvct_el0
        orr     x9, x9, x2, lsl #8
        bfi     x9, x3, #60, #4                 /* TESSERA_TRACE_CORE_SHIFT */
        ldp     x0, x1, [x17, #TRACE_NEXT]      /* next, end */
        stp     x9, x10, [x0], #16
        stp     x11, x12, [x0], #16
        ldp     x2, x3, [x17, #TRACE_FIRST]     /* first, memory */
        cmp     x0, x1
        csel    x0, x2, x0, eq
        str     x0, [x17, #TRACE_NEXT]
        ldr     x1, [x17, #TRACE_WRITTEN]
        add     x1, x1, #1
        str     x1, [x17, #TRACE_WRITTEN]
        str     x1, [x3, #TRACE_MEMORY_WRITTEN]
        ldp     x2, x3, [sp, #16]
        ldp     x0, x1, [sp], #32
        br      x16
