/* SPDX-License-Identifier: BSD-2-Clause */
/* The first and the last instructions of the public tool's boot loader: see compose.c.  MMU off; x0 may be the device tree. */
.section .text.head, "ax"
.globl _start
.type _start, %function
_start:
        adrp    x9, stack_end
        add     sp, x9, :lo12:stack_end
        mov     x29, xzr
        mov     x30, xzr
        bl      compose                 /* x0: the tree, x1: the image */
        dsb     sy
        ic      iallu
        dsb     sy
        isb
        mov     x9, x1
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        br      x9
.size _start, . - _start

/* Loader, kernel and options, as mkimage packs them; the root task in it is ignored. */
.section .rodata.image, "a"
.balign 4096
.globl image, image_end
image:
        .incbin IMAGE
image_end:

/* Page tables that the tool writes for its own loader, and the one register address it looks for; ours makes its tables itself. */
.macro table name
        .globl  \name
        .type   \name, %object
        .size   \name, 4096
\name:  .space  4096
.endm
.data
.balign 4096
table boot_lvl0_lower
table boot_lvl1_lower
table boot_lvl2_lower
table boot_lvl0_upper
table boot_lvl1_upper
table boot_lvl2_upper

.bss
.balign 16
        .space  4096
stack_end:
