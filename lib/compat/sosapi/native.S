/* SPDX-License-Identifier: BSD-2-Clause */
/* The note by which the server knows a native program.  Programs are linked with -u sos_native. */
        .section .note.tessera, "a", %note
        .balign 4
        .globl sos_native
sos_native:
        .word 8, 0, 1
        .asciz "Tessera"
        .section .init_array, "aw", %init_array
        .balign 8
        .xword  sos_learn_frequency
        .section .note.GNU-stack, "", %progbits
