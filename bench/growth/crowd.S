/* SPDX-License-Identifier: BSD-2-Clause */
/* What the threads of a crowd run (crowd.h). */
        .text
        .globl  crowd_call
crowd_call:
        svc     #0
        udf     #0              /* nobody handles it: the end */

        .globl  crowd_chain
crowd_chain:
        svc     #0
        mov     x0, x20
        mov     x1, #0
        mov     x7, #-1         /* Call */
        svc     #0
        udf     #0

        .globl  crowd_probe
crowd_probe:
        isb
        mrs     x9, pmccntr_el0
        svc     #0
        udf     #0
