/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guests of guests.c run, at EL1 with the MMU off. */
        .text
        .global guest_yields, guest_aborts
guest_yields:                   /* a system call: seL4_SysYield */
        mov     x7, #-11
        hvc     #0
        b       guest_yields
guest_aborts:                   /* x0: an address without memory */
        ldr     w1, [x0]
        b       guest_aborts
