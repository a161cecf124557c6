/* SPDX-License-Identifier: BSD-2-Clause */
/* The same with the programs of tests/posix/c. */
        .section .rodata
        .balign 16
        .globl archive_start, archive_end
archive_start:
        .incbin "build/tests/posix/archive.cpio"
archive_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
