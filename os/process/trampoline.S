/* SPDX-License-Identifier: BSD-2-Clause */
/* The code that every process of Linux finds at SIGNAL_CODE: where a handler returns to. */
        .section .rodata
        .globl signal_code, signal_code_end
signal_code:
        mov     x8, #139 /* rt_sigreturn */
        svc     #0
signal_code_end:
        .section .note.GNU-stack, "", %progbits
