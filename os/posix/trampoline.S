/* SPDX-License-Identifier: BSD-2-Clause */
/* The code that every process of Linux finds at SIGNAL_CODE.  It is entered with sp at the frame of signal.c, x0..x2 as a
 * handler gets them and its address in x3; the FP registers, which the server cannot see, are kept around the handler. */
        .section .rodata
        .globl signal_code, signal_code_end
signal_code:
        sub     sp, sp, #528
        stp     q0, q1, [sp, #16]
        stp     q2, q3, [sp, #48]
        stp     q4, q5, [sp, #80]
        stp     q6, q7, [sp, #112]
        stp     q8, q9, [sp, #144]
        stp     q10, q11, [sp, #176]
        stp     q12, q13, [sp, #208]
        stp     q14, q15, [sp, #240]
        stp     q16, q17, [sp, #272]
        stp     q18, q19, [sp, #304]
        stp     q20, q21, [sp, #336]
        stp     q22, q23, [sp, #368]
        stp     q24, q25, [sp, #400]
        stp     q26, q27, [sp, #432]
        stp     q28, q29, [sp, #464]
        stp     q30, q31, [sp, #496]
        mrs     x4, fpcr
        mrs     x5, fpsr
        stp     x4, x5, [sp]
        blr     x3
        ldp     x4, x5, [sp]
        msr     fpcr, x4
        msr     fpsr, x5
        ldp     q0, q1, [sp, #16]
        ldp     q2, q3, [sp, #48]
        ldp     q4, q5, [sp, #80]
        ldp     q6, q7, [sp, #112]
        ldp     q8, q9, [sp, #144]
        ldp     q10, q11, [sp, #176]
        ldp     q12, q13, [sp, #208]
        ldp     q14, q15, [sp, #240]
        ldp     q16, q17, [sp, #272]
        ldp     q18, q19, [sp, #304]
        ldp     q20, q21, [sp, #336]
        ldp     q22, q23, [sp, #368]
        ldp     q24, q25, [sp, #400]
        ldp     q26, q27, [sp, #432]
        ldp     q28, q29, [sp, #464]
        ldp     q30, q31, [sp, #496]
        add     sp, sp, #528
        mov     x8, #139 /* rt_sigreturn */
        svc     #0
signal_code_end:
        .section .note.GNU-stack, "", %progbits
