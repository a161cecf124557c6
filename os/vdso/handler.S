/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a handler of a signal returns to. */
        .section .text.handler, "ax", %progbits
        .globl __kernel_rt_sigreturn
        .type __kernel_rt_sigreturn, %function
__kernel_rt_sigreturn:
        mov     x8, #139
        svc     #0
        .size __kernel_rt_sigreturn, . - __kernel_rt_sigreturn
        .section .note.GNU-stack, "", %progbits
