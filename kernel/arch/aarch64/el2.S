/* SPDX-License-Identifier: BSD-2-Clause */
/* EL2 versions of functions whose first instructions branch here (face.h). */
#include "arch/aarch64/offsets.h"

        .arch_extension simd

        .macro  open_fpu
        mov     x9, #0x33ff
        msr     cptr_el2, x9
        isb
        .endm

        .text
        .global el2_fpu_save, el2_fpu_exchange, el2_fpu_load
el2_fpu_save:
        open_fpu
        st1     {v0.2d-v3.2d}, [x0], #64
        b       arch_fpu_save + 4
el2_fpu_exchange:
        open_fpu
        st1     {v0.2d-v3.2d}, [x2], #64
        b       arch_fpu_exchange + 4
el2_fpu_load:
        open_fpu
        ld1     {v0.2d-v3.2d}, [x1], #64
        b       arch_fpu_load + 4

/* Clearing without the SIMD registers, which may trap (memory.S: arch_clear, arch_clear_to_memory). */
        .global el2_clear, el2_clear_to_memory
el2_clear:
        add     x1, x0, x1
        sub     x2, x1, x0
        subs    x2, x2, #64
        b.lo    2f
1:      stp     xzr, xzr, [x0]
        stp     xzr, xzr, [x0, #16]
        stp     xzr, xzr, [x0, #32]
        stp     xzr, xzr, [x0, #48]
        add     x0, x0, #64
        subs    x2, x2, #64
        b.hs    1b
2:      cmp     x0, x1
        b.hs    3f
        stp     xzr, xzr, [x0], #16
        b       2b
3:      ret

el2_clear_to_memory:
        add     x1, x0, x1
0:      cmp     x0, x1          /* up to the start of a line, and what follows the last whole one */
        b.hs    4f
        sub     x2, x1, x0
        tst     x0, #63
        b.ne    5f
        subs    x2, x2, #64
        b.hs    1f
5:      stp     xzr, xzr, [x0]
        dc      cvac, x0
        add     x0, x0, #16
        b       0b
1:      stp     xzr, xzr, [x0]
        stp     xzr, xzr, [x0, #16]
        stp     xzr, xzr, [x0, #32]
        stp     xzr, xzr, [x0, #48]
        dc      cvac, x0
        add     x0, x0, #64
        subs    x2, x2, #64
        b.hs    1b
        b       0b
4:      dsb     sy
        ret
