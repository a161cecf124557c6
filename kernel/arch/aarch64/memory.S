/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling and moving memory: the two ways of clearing, and the three functions the compiler may call.
 *
 * The kernel moves little memory, mostly whole structures; so these functions are short rather than fast.
 */
#include "arch/aarch64/face.h"

        .arch_extension simd

/* Clearing uses plain stores of SIMD registers, not DC ZVA: with cleaning it is three instructions a line either way, and QEMU 7 takes a
 * page off its slow path for pages with code only after plain stores have hit all the code in it
 * (docs/bounded.md).  The register belongs to a thread and is preserved; EL1 may always use it (fpu_access.c). */
        .macro  borrow_zero
        str     q0, [sp, #-16]!
        movi    v0.2d, #0
        .endm
        .macro  return_zero
        ldr     q0, [sp], #16
        .endm

/* void arch_clear(void *start, word size): both multiples of 16 */
        .section .text.gap.6, "ax"
        .global arch_clear
arch_clear:
        either  "add x1, x0, x1", "b el2_clear"
        sub     x2, x1, x0
        subs    x2, x2, #256
        b.lo    2f
        borrow_zero
1:      stp     q0, q0, [x0]
        stp     q0, q0, [x0, #32]
        stp     q0, q0, [x0, #64]
        stp     q0, q0, [x0, #96]
        stp     q0, q0, [x0, #128]
        stp     q0, q0, [x0, #160]
        stp     q0, q0, [x0, #192]
        stp     q0, q0, [x0, #224]
        add     x0, x0, #256
        subs    x2, x2, #256
        b.hs    1b
        return_zero
2:      cmp     x0, x1
        b.hs    3f
        stp     xzr, xzr, [x0], #16
        b       2b
3:      ret

/* void arch_clear_to_memory(void *start, word size): both multiples of 16.  Lines are taken to have 64 bytes, as on every
 * known core; where they are longer, some are cleaned twice. */
        .macro  line_to_memory
        stp     q0, q0, [x0, #64]!
        stp     q0, q0, [x0, #32]
        dc      cvac, x0
        .endm
        .text
        .global arch_clear_to_memory
arch_clear_to_memory:
        either  "add x1, x0, x1", "b el2_clear_to_memory"
0:      cmp     x0, x1          /* the part before the first whole line */
        b.hs    4f
        tst     x0, #63
        b.eq    1f
        stp     xzr, xzr, [x0]
        dc      cvac, x0
        add     x0, x0, #16
        b       0b
1:      borrow_zero
        sub     x2, x1, x0
        sub     x0, x0, #64
        subs    x2, x2, #512
        b.lo    3f
2:      line_to_memory
        line_to_memory
        line_to_memory
        line_to_memory
        line_to_memory
        line_to_memory
        line_to_memory
        line_to_memory
        subs    x2, x2, #512
        b.hs    2b
3:      add     x0, x0, #64
        return_zero
        cmp     x0, x1
        b.hs    4f
5:      stp     xzr, xzr, [x0]
        dc      cvac, x0
        add     x0, x0, #16
        cmp     x0, x1
        b.lo    5b
4:      dsb     sy
        ret

/* void *memset(void *to, int value, size_t size) */
        .section .text.gap.1, "ax"
        .global memset
memset:
        mov     x3, x0
        and     x1, x1, #255
        mov     x4, #0x0101010101010101
        mul     x1, x1, x4
0:      subs    x2, x2, #16
        b.lo    1f
        stp     x1, x1, [x3], #16
        b       0b
1:      adds    x2, x2, #16
        b.eq    3f
2:      strb    w1, [x3], #1
        subs    x2, x2, #1
        b.ne    2b
3:      ret

/* void *memmove(void *to, const void *from, size_t size); backwards only when `to` lies inside the source */
        .global memmove
memmove:
        sub     x3, x0, x1
        cmp     x3, x2
        b.hs    memcpy
0:      cbz     x2, 1f
        sub     x2, x2, #1
        ldrb    w4, [x1, x2]
        strb    w4, [x0, x2]
        b       0b
1:      ret

/* void *memcpy(void *to, const void *from, size_t size) */
        .section .text.gap.2, "ax"
        .global memcpy
memcpy:
        mov     x3, x0
0:      subs    x2, x2, #16
        b.lo    1f
        ldp     x4, x5, [x1], #16
        stp     x4, x5, [x3], #16
        b       0b
1:      adds    x2, x2, #16
        b.eq    3f
2:      ldrb    w4, [x1], #1
        strb    w4, [x3], #1
        subs    x2, x2, #1
        b.ne    2b
3:      ret
