/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving the FP and SIMD registers, four with an instruction.  EL1 is never trapped (fpu_access.c), so this works at any time.
 * At EL2 the kernel traps like its users: el2.S opens access first, and the caller sets the access of user level afterwards. */
#include "arch/aarch64/face.h"
#include "arch/aarch64/offsets.h"

        .arch_extension simd

        .macro  move_all op base el2
        either  "\op {v0.2d-v3.2d}, [\base], #64", "b \el2"
        \op     {v4.2d-v7.2d}, [\base], #64
        \op     {v8.2d-v11.2d}, [\base], #64
        \op     {v12.2d-v15.2d}, [\base], #64
        \op     {v16.2d-v19.2d}, [\base], #64
        \op     {v20.2d-v23.2d}, [\base], #64
        \op     {v24.2d-v27.2d}, [\base], #64
        \op     {v28.2d-v31.2d}, [\base], #64
        .endm

/* Behind the registers lie FPCR and FPSR. */
        .macro  save_all base el2
        move_all st1, \base, \el2
        mrs     x3, fpcr
        mrs     x4, fpsr
        stp     x3, x4, [\base]
        .endm

        .section .text.gap.3, "ax"
        .global arch_fpu_save
arch_fpu_save:
        save_all x0, el2_fpu_save
        ret

        .section .text.gap.4, "ax"
        .global arch_fpu_exchange
        .global arch_fpu_load
arch_fpu_exchange:
        save_all x2, el2_fpu_exchange
arch_fpu_load:
        move_all ld1, x1, el2_fpu_load
        ldp     x3, x4, [x1]
        msr     fpcr, x3
        msr     fpsr, x4
        ret
