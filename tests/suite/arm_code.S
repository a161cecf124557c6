/* SPDX-License-Identifier: BSD-2-Clause */
/* See arm_code.h. */
#include "../lib/pairs.inc"
.text

.macro function name
.globl \name
\name:
.endm

function arm_undefined
        mov     x9, sp
        mov     x10, x0
        mov     x1, #0xa0000000
        msr     nzcv, x1
function arm_undefined_at
        .inst   0
function arm_undefined_after
        mrs     x2, nzcv
        mov     x1, sp
        stp     x1, x2, [x10]
        mov     sp, x9
        ret

function arm_brk
function arm_brk_at
        brk     #5
        ret

function arm_jump
        stp     x29, x30, [sp, #-16]!
        blr     x0
        ldp     x29, x30, [sp], #16
        ret

function arm_wait
        sevl
        wfe
        wfi
        ret

function arm_cache
        mrs     x1, ctr_el0
        dc      cvac, x0
        dc      cvau, x0
        dc      civac, x0
        ic      ivau, x0
        dsb     sy
        isb
        ret

function arm_unaligned
        str     x1, [x0, #3]
        mov     x9, sp
        sub     sp, sp, #24
        str     x1, [sp, #-16]!
        mov     sp, x9
        ret

function arm_fp
function arm_fp_at
        fmov    d7, x1
        fmov    x2, d7
        str     x2, [x0]
        ret

function arm_counter
function arm_counter_at
        mrs     x0, cntpct_el0
        ret

function arm_tls
        mrs     x1, tpidr_el0
        mrs     x2, tpidrro_el0
        stp     x1, x2, [x0]
        ret

function arm_spin
        b       arm_spin

function arm_dump
        sub     sp, sp, #256
        pairs   stp, x, 0, 29, sp
        str     x30, [sp, #240]
        mrs     x1, nzcv
        str     x1, [sp, #31 * 8]
        b       arm_spin

/* A word below sp points back to the array, because every register has a value to keep. */
.macro low_registers instruction
        pairs   \instruction, x, 1, 8, x0, 8
.endm
.macro high_registers instruction
        pairs   \instruction, x, 9, 30, x0, 72
.endm
.macro vector_registers instruction
        pairs   \instruction, d, 0, 31, x0
.endm

function arm_call_all
        sub     sp, sp, #96
        stp     x29, x30, [sp]
        pairs   stp, x, 19, 28, sp, 16
        str     x0, [sp, #-16]!
        ldr     x1, [x0, #31 * 8]
        msr     nzcv, x1
        add     x0, x0, #256
        vector_registers ldp
        sub     x0, x0, #256
        high_registers ldp
        low_registers ldp
        ldr     x0, [x0]
        svc     #0
        str     x0, [sp, #8]
        ldr     x0, [sp]
        low_registers stp
        high_registers stp
        ldr     x1, [sp, #8]
        str     x1, [x0]
        mrs     x1, nzcv
        str     x1, [x0, #31 * 8]
        add     x0, x0, #256
        vector_registers stp
        add     sp, sp, #16
        ldp     x29, x30, [sp]
        pairs   ldp, x, 19, 28, sp, 16
        add     sp, sp, #96
        ret

function arm_call_immediate
        str     x0, [sp, #-16]!
        low_registers ldp
        ldr     x0, [x0]
        svc     #0x1234
        str     x0, [sp, #8]
        ldr     x0, [sp]
        low_registers stp
        ldr     x1, [sp, #8]
        str     x1, [x0]
        add     sp, sp, #16
        ret
