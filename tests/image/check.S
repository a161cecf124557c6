/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task in one page: compares each range of its own image with the checksum that `run` put behind it.
 * Table entries: first address, end (multiples of 8), CRC-32; an end of 0 closes the table. */
        .arch   armv8-a+crc
        .text
start:
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
        adr     x20, bad_text
        b       say
good:
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
good_text:
        .asciz  "image ok\n"
bad_text:
        .asciz  "image differs\n"
        .balign 8
table:
