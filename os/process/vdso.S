/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of code that every program of Linux has (os/vdso), as it was linked. */
        .section .rodata
        .balign 16
        .globl vdso_image, vdso_image_end
vdso_image:
        .incbin VDSO
vdso_image_end:
        .section .note.GNU-stack, "", %progbits
