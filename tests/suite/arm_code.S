/* SPDX-License-Identifier: BSD-2-Clause */
/* See arm_code.h. */
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
        str     x30, [sp, #-16]!
        stp     x28, x29, [sp, #-16]!
        stp     x26, x27, [sp, #-16]!
        stp     x24, x25, [sp, #-16]!
        stp     x22, x23, [sp, #-16]!
        stp     x20, x21, [sp, #-16]!
        stp     x18, x19, [sp, #-16]!
        stp     x16, x17, [sp, #-16]!
        stp     x14, x15, [sp, #-16]!
        stp     x12, x13, [sp, #-16]!
        stp     x10, x11, [sp, #-16]!
        stp     x8, x9, [sp, #-16]!
        stp     x6, x7, [sp, #-16]!
        stp     x4, x5, [sp, #-16]!
        stp     x2, x3, [sp, #-16]!
        stp     x0, x1, [sp, #-16]!
        mrs     x1, nzcv
        str     x1, [sp, #31 * 8]
        b       arm_spin

/* The array is found again by a word below sp, for every register has a value to keep. */
.macro low_registers instruction
        \instruction x1, x2, [x0, #1 * 8]
        \instruction x3, x4, [x0, #3 * 8]
        \instruction x5, x6, [x0, #5 * 8]
        \instruction x7, x8, [x0, #7 * 8]
.endm
.macro high_registers instruction
        \instruction x9, x10, [x0, #9 * 8]
        \instruction x11, x12, [x0, #11 * 8]
        \instruction x13, x14, [x0, #13 * 8]
        \instruction x15, x16, [x0, #15 * 8]
        \instruction x17, x18, [x0, #17 * 8]
        \instruction x19, x20, [x0, #19 * 8]
        \instruction x21, x22, [x0, #21 * 8]
        \instruction x23, x24, [x0, #23 * 8]
        \instruction x25, x26, [x0, #25 * 8]
        \instruction x27, x28, [x0, #27 * 8]
        \instruction x29, x30, [x0, #29 * 8]
.endm
.macro vector_registers instruction
        .irp    n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
        vector_pair \instruction, \n
        .endr
.endm
.macro vector_pair instruction, n
        .altmacro
        vector_two \instruction, \n, %(\n + 1)
        .noaltmacro
.endm
.macro vector_two instruction, n, m
        \instruction d\n, d\m, [x0, #(\n) * 8]
.endm

function arm_call_all
        sub     sp, sp, #96
        stp     x29, x30, [sp]
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
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
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
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
