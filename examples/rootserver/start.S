/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies thread-local data to 16 bytes after the thread pointer, then calls root(x0). */
.globl _sel4_start
_sel4_start:
        adrp    x9, block
        add     x9, x9, :lo12:block
        msr     tpidr_el0, x9
        add     x9, x9, #16
        ldr     x10, =_tdata_start
        ldr     x11, =_tdata_end
1:      cmp     x10, x11
        b.hs    2f
        ldrb    w12, [x10], #1
        strb    w12, [x9], #1
        b       1b
2:      adrp    x9, stack_end
        add     sp, x9, :lo12:stack_end
        bl      root
3:      b       3b
.bss
.balign 4096
block:  .space  4096
        .space  8192
stack_end:
