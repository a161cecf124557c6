/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways in and out at EL2, to which the first instructions of those at EL1 lead there (face.h). */
#include "arch/aarch64/offsets.h"

        .text
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
        bl      trap_exception_el2      /* HVC is a system call of guests */
        tbnz    x0, #0, 1f
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
