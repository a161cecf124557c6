/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that prints `late` when the counter has reached LATE. */
        .globl  _start
_start: ldr     x9, =LATE
1:      isb
        mrs     x10, cntvct_el0
        cmp     x10, x9
        b.lo    1b
        adr     x11, text
2:      ldrb    w0, [x11], #1
        cbz     w0, 3f
        mov     x7, #-12                /* DebugPutChar */
        svc     #0
        b       2b
3:      b       3b
text:   .asciz  "late\n"
