/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving the FP and SIMD registers; EL1 is never trapped (fpu_access.c), so both work at any time. */
#include "arch/aarch64/offsets.h"

        .arch_extension simd

        .macro  move_all op
        \op     q0, q1, [x0, #FPU_V]
        \op     q2, q3, [x0, #FPU_V + 32]
        \op     q4, q5, [x0, #FPU_V + 64]
        \op     q6, q7, [x0, #FPU_V + 96]
        \op     q8, q9, [x0, #FPU_V + 128]
        \op     q10, q11, [x0, #FPU_V + 160]
        \op     q12, q13, [x0, #FPU_V + 192]
        \op     q14, q15, [x0, #FPU_V + 224]
        \op     q16, q17, [x0, #FPU_V + 256]
        \op     q18, q19, [x0, #FPU_V + 288]
        \op     q20, q21, [x0, #FPU_V + 320]
        \op     q22, q23, [x0, #FPU_V + 352]
        \op     q24, q25, [x0, #FPU_V + 384]
        \op     q26, q27, [x0, #FPU_V + 416]
        \op     q28, q29, [x0, #FPU_V + 448]
        \op     q30, q31, [x0, #FPU_V + 480]
        .endm

        .section .text.gap.3, "ax"
        .global arch_fpu_save
arch_fpu_save:
        move_all stp
        mrs     x1, fpcr
        mrs     x2, fpsr
        add     x0, x0, #FPU_FPCR
        stp     x1, x2, [x0]
        ret

        .section .text.gap.4, "ax"
        .global arch_fpu_load
arch_fpu_load:
        move_all ldp
        add     x0, x0, #FPU_FPCR
        ldp     x1, x2, [x0]
        msr     fpcr, x1
        msr     fpsr, x2
        ret
