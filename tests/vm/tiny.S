/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest guest: a kernel's header, a line on the serial port, and off. */
        .text
        .globl _start
_start:
        b       start
        .word   0
        .quad   0                       /* text_offset */
        .quad   end - _start            /* image_size */
        .quad   0xa
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .word   0
start:
        adr     x1, text
        movz    x2, #0x0900, lsl #16
1:      ldrb    w3, [x1], #1
        cbz     w3, 2f
        str     w3, [x2]
        b       1b
2:      movz    x0, #0x8400, lsl #16
        movk    x0, #8
        smc     #0
        b       .
text:   .asciz  "tiny: hello from a guest\r\n"
        .balign 8
end:
