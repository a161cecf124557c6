/* SPDX-License-Identifier: BSD-2-Clause */
/* Firmware that holds the other cores of QEMU's virt machine in a pen, and then enters the image with the device tree in x0.  Core n waits
 * there until a word of its own, which the device tree names, has an address.  Core 2 looks at it only when the counter has reached `late`.
 * Addresses and counter follow (tests/smp/run). */
        mov     x22, #1
1:      movz    w0, #0xc400, lsl #16    /* CPU_ON */
        movk    w0, #3
        mov     x1, x22
        adr     x2, pen
        mov     x3, x22
        hvc     #0
        add     x22, x22, #1
        cmp     x22, #4
        b.lo    1b
        ldr     x0, tree
        ldr     x1, image
        br      x1
pen:    cmp     x0, #2
        b.ne    3f
        ldr     x1, late
2:      isb
        mrs     x2, cntvct_el0
        cmp     x2, x1
        b.lo    2b
3:      ldr     x3, release
        add     x3, x3, x0, lsl #3
4:      ldr     x4, [x3]
        cbz     x4, 4b
        br      x4
        .balign 8
tree:
        .equ    image, tree + 8
        .equ    late, tree + 16
        .equ    release, tree + 24
