/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps every register as the kernel left it, then goes to C.  Flags first: nothing before may change them. */
        .text
        .global _start
_start:
        adrp    x16, entry_state
        add     x16, x16, :lo12:entry_state
        stp     x0, x1, [x16]
        stp     x2, x3, [x16, #16]
        stp     x4, x5, [x16, #32]
        stp     x6, x7, [x16, #48]
        stp     x8, x9, [x16, #64]
        stp     x10, x11, [x16, #80]
        stp     x12, x13, [x16, #96]
        stp     x14, x15, [x16, #112]
        stp     xzr, x17, [x16, #128]   /* x16 had to be used */
        stp     x18, x19, [x16, #144]
        stp     x20, x21, [x16, #160]
        stp     x22, x23, [x16, #176]
        stp     x24, x25, [x16, #192]
        stp     x26, x27, [x16, #208]
        stp     x28, x29, [x16, #224]
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
        stp     q0, q1, [x16]
        stp     q2, q3, [x16, #32]
        stp     q4, q5, [x16, #64]
        stp     q6, q7, [x16, #96]
        stp     q8, q9, [x16, #128]
        stp     q10, q11, [x16, #160]
        stp     q12, q13, [x16, #192]
        stp     q14, q15, [x16, #224]
        stp     q16, q17, [x16, #256]
        stp     q18, q19, [x16, #288]
        stp     q20, q21, [x16, #320]
        stp     q22, q23, [x16, #352]
        stp     q24, q25, [x16, #384]
        stp     q26, q27, [x16, #416]
        stp     q28, q29, [x16, #448]
        stp     q30, q31, [x16, #480]
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
