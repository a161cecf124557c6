/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry and exit at EL2.  At EL2 the first instructions of the EL1 paths branch here (face.h). */
#include "arch/aarch64/face.h"
#include "arch/aarch64/offsets.h"

#define CLASS_HVC 0x16

        .text
/* Entry, after a guest may have written a register of threads that EL0 cannot write. */
        .macro  save_more by_door
        mrs     x14, tpidrro_el0
        stp     x10, x12, [sp, #CONTEXT_RESTART]
        str     x14, [sp, #CONTEXT_TPIDR + 8]
        adrp    x9, kernel_stack_top
        several "mov sp, x9", "b \by_door"
        .endm

        .global el2_exception, el2_interrupt
el2_exception:
        save_more 4f
        mov     w0, w13
2:      mrs     x1, far_el2
        bl      trap_exception_el2      /* HVC is a system call of guests */
        tbnz    x0, #0, 1f
        b       arch_leave
el2_interrupt:
        save_more 6f
3:      bl      trap_interrupt_el2
        tbnz    x0, #0, 1f
        b       arch_leave
1:      b       resume

/* Several cores.  A guest that is stopped before its system call begins will repeat it. */
4:      lsr     w13, w13, #26
        cmp     w13, #CLASS_HVC
        b.ne    5f
        sub     x10, x10, #4
        str     x10, [sp, #CONTEXT_RESTART]
5:      bl      come_in
        mrs     x0, esr_el2
        b       2b
6:      bl      come_in
        b       3b

/* The way out: x0 = the thread that runs next.  Machine state outside its context changes only between guests and other threads. */
        .global el2_leave
el2_leave:
        adrp    x1, kernel
        add     x1, x1, :lo12:kernel
        ldr     x2, [x0, #THREAD_VCPU]
        ldr     x1, [x1, #KERNEL_GUEST]
        cmp     x1, x2
        b.ne    1f
        several "mov sp, x0", "b door_out"
        b       arch_leave + 4
1:      adrp    x1, kernel_stack_top
        mov     sp, x1
        mov     x19, x0
        bl      vcpu_switch
        several "mov sp, x19", "mov x0, x19"
        several "b arch_leave + 4", "b door_out"
