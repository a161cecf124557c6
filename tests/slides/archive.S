/* SPDX-License-Identifier: BSD-2-Clause */
        .section .rodata
        .balign 16
        .global _cpio_archive, _cpio_archive_end
_cpio_archive:
        .incbin ARCHIVE
_cpio_archive_end:
        .section .note.GNU-stack,"",%progbits
