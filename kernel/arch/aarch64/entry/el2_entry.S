/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry and exit at EL2.  At EL2 the first instructions of the EL1 paths branch here (face.h). */
#include "arch/aarch64/offsets.h"

        .text
/* Entry, after a guest may have written a register of threads that EL0 cannot write. */
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

/* The way out: x0 = the thread that runs next.  Machine state outside its context changes only between guests and other threads. */
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
