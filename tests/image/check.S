/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task in one page: compares each range of its own image with the checksum that `run` put after it, and examines what the
 * kernel has put after the image: IPC buffer, bootinfo (its address is in x0) and the device tree.
 * Table entries: first address, end (multiples of 8), CRC-32; an end of 0 closes the table. */
        .arch   armv8-a+crc
        .text
start:
        mov     x21, x0
        adr     x19, table
next:
        ldp     x1, x2, [x19], #16
        ldr     x3, [x19], #8
        cbz     x2, good
        mvn     w0, wzr
0:      cmp     x1, x2
        b.eq    1f
        ldr     x4, [x1], #8
        crc32x  w0, w0, x4
        b       0b
1:      mvn     w0, w0
        cmp     x0, x3
        b.eq    next
bad:
        adr     x20, bad_text
        b       say
good:
        ldr     x1, [x21, #32]          /* the buffer can be written to its end */
        str     x21, [x1]
        str     x21, [x1, #1016]
        ldr     x2, [x1, #1016]
        cmp     x2, x21
        b.ne    bad
        ldr     x2, [x21, #16]          /* one core */
        cmp     x2, #1
        b.ne    bad
        ldr     x2, [x21]               /* bytes of what follows the bootinfo page: the tree, all of it */
        add     x3, x21, #4096
        add     x4, x3, x2
        ldrb    w4, [x4, #-1]
        ldr     w4, [x3, #16]
        ldr     w5, tree_magic
        cmp     w4, w5
        b.ne    bad
        adr     x20, good_text
say:
        ldrb    w0, [x20], #1
        cbz     w0, done
        mov     x7, #-12                /* DebugPutChar */
        svc     #0
        b       say
done:
        mov     x7, #-14                /* DebugHalt */
        svc     #0
        b       done
        .balign 4
tree_magic:
        .word   0xedfe0dd0
good_text:
        .asciz  "image ok\n"
bad_text:
        .asciz  "image differs\n"
        .balign 8
table:
