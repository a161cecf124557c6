/* SPDX-License-Identifier: BSD-2-Clause */
/* The archive of the starter OS with the program of `make measure`, which begins. */
        .section .rodata
        .balign 16
        .globl archive_start, archive_end
archive_start:
        .incbin "build/measure/archive.cpio"
archive_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
