/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel does at EL2 in place of the functions whose first instructions lead here (face.h). */
#include "arch/aarch64/offsets.h"

        .arch_extension simd

        .macro  open_fpu
        mov     x9, #0x33ff
        msr     cptr_el2, x9
        isb
        .endm

        .text
        .global el2_fpu_save, el2_fpu_exchange, el2_fpu_load
el2_fpu_save:
        open_fpu
        st1     {v0.2d-v3.2d}, [x0], #64
        b       arch_fpu_save + 4
el2_fpu_exchange:
        open_fpu
        st1     {v0.2d-v3.2d}, [x2], #64
        b       arch_fpu_exchange + 4
el2_fpu_load:
        open_fpu
        ld1     {v0.2d-v3.2d}, [x1], #64
        b       arch_fpu_load + 4

/* Clearing without the SIMD registers, which may be closed (memory.S: arch_clear, arch_clear_to_memory). */
        .global el2_clear, el2_clear_to_memory
el2_clear:
        add     x1, x0, x1
        sub     x2, x1, x0
        subs    x2, x2, #64
        b.lo    2f
1:      stp     xzr, xzr, [x0]
        stp     xzr, xzr, [x0, #16]
        stp     xzr, xzr, [x0, #32]
        stp     xzr, xzr, [x0, #48]
        add     x0, x0, #64
        subs    x2, x2, #64
        b.hs    1b
2:      cmp     x0, x1
        b.hs    3f
        stp     xzr, xzr, [x0], #16
        b       2b
3:      ret

el2_clear_to_memory:
        add     x1, x0, x1
0:      cmp     x0, x1          /* until a line begins, and what is behind the last whole one */
        b.hs    4f
        sub     x2, x1, x0
        tst     x0, #63
        b.ne    5f
        subs    x2, x2, #64
        b.hs    1f
5:      stp     xzr, xzr, [x0]
        dc      cvac, x0
        add     x0, x0, #16
        b       0b
1:      stp     xzr, xzr, [x0]
        stp     xzr, xzr, [x0, #16]
        stp     xzr, xzr, [x0, #32]
        stp     xzr, xzr, [x0, #48]
        dc      cvac, x0
        add     x0, x0, #64
        subs    x2, x2, #64
        b.hs    1b
        b       0b
4:      dsb     sy
        ret

/* The ways in, where a guest may have written a register of threads that EL0 cannot write. */
        .macro  save_more
        mrs     x14, tpidrro_el0
        stp     x10, x12, [sp, #CONTEXT_RESTART]
        str     x14, [sp, #CONTEXT_TPIDR + 8]
        adrp    x9, kernel_stack_top
        mov     sp, x9
        .endm

        .global el2_exception, el2_interrupt
el2_exception:
        save_more
        mov     w0, w13
        mrs     x1, far_el2
        bl      trap_exception_el2
        b       arch_leave
el2_interrupt:
        save_more
        bl      trap_interrupt_el2
        tbnz    x0, #0, 1f
        b       arch_leave
1:      b       resume

/* The way out: x0 = the thread that runs next.  What it needs of the machine beyond its context, and what is not its own there,
 * changes only between guests and others. */
        .global el2_leave
el2_leave:
        adrp    x1, kernel
        add     x1, x1, :lo12:kernel
        ldr     x2, [x0, #THREAD_VCPU]
        ldr     x1, [x1, #KERNEL_GUEST]
        cmp     x1, x2
        b.ne    1f
        mov     sp, x0
        b       arch_leave + 4
1:      adrp    x1, kernel_stack_top
        mov     sp, x1
        mov     x19, x0
        bl      vcpu_switch
        mov     sp, x19
        b       arch_leave + 4
