/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs of apps/, as one CPIO archive inside the root task. */
#ifndef ARCHIVE
#define ARCHIVE "build/apps/archive.cpio"
#endif
        .section .rodata
        .balign 16
        .globl archive_start, archive_end
archive_start:
        .incbin ARCHIVE
archive_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
