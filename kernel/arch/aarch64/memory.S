/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling and moving memory: arch_clear, and the three functions the compiler may call.
 *
 * The kernel moves little memory, mostly whole structures; so these are short rather than clever.
 */
        .text

/* void arch_clear(void *start, word size): both multiples of 16.  DC ZVA clears a block of 4 << DCZID.BS bytes without
 * reading it; blocks of 64 bytes, the size of every known core, are used, others are left to plain stores. */
        .global arch_clear
arch_clear:
        add     x1, x0, x1
        mrs     x2, dczid_el0
        cmp     x2, #4          /* BS = 4, not prohibited */
        b.ne    3f
        add     x3, x0, #63
        and     x3, x3, #~63    /* first whole block */
0:      cmp     x0, x3          /* the part before it */
        b.hs    1f
        cmp     x0, x1
        b.hs    4f
        stp     xzr, xzr, [x0], #16
        b       0b
1:      sub     x4, x1, x0
        subs    x4, x4, #256
        b.lo    3f
2:      dc      zva, x0
        add     x3, x0, #64
        dc      zva, x3
        add     x3, x0, #128
        dc      zva, x3
        add     x3, x0, #192
        dc      zva, x3
        add     x0, x0, #256
        subs    x4, x4, #256
        b.hs    2b
3:      cmp     x0, x1
        b.hs    4f
        stp     xzr, xzr, [x0], #16
        b       3b
4:      ret

/* void *memset(void *to, int value, size_t size) */
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
