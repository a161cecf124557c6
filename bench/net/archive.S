/* SPDX-License-Identifier: BSD-2-Clause */
/* The archive of the starter OS with the program that measures, which begins. */
        .section .rodata
        .balign 16
        .globl archive_start, archive_end
archive_start:
        .incbin "build/bench/streams/archive.cpio"
archive_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
