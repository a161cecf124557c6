/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways in and out of a kernel for several cores: behind the door (door/door.h), and before it.
 *
 * The loader has put branches that lead here into vectors.S and entry.S, and each core has a stack of its own at the one address.
 * If nobody waits, a core takes its number, finds that it is its turn, and goes on as a single core would.  Otherwise it calls cores_wait
 * and then reloads the registers that C uses from where they were stored.
 */
#include "arch/aarch64/face.h"
#include "arch/aarch64/offsets.h"

#define CONTEXT_X7 56

/* w10 = a number; NE: it is not our turn yet */
        .macro  queue
        mov     sp, x9
        adrp    x9, kernel + KERNEL_DOOR_NEXT
        add     x9, x9, :lo12:kernel + KERNEL_DOOR_NEXT
8:      ldxr    w10, [x9]
        add     w11, w10, #1
        stxr    w12, w11, [x9]
        cbnz    w12, 8b
        add     x9, x9, #KERNEL_DOOR_TURN - KERNEL_DOOR_NEXT
        ldar    w11, [x9]
        cmp     w11, w10
        .endm

        .text
        .global door_syscall, door_interrupt, door_exception
door_syscall:
        queue
        b.eq    1f
        mov     w0, w10
        bl      cores_wait
        cbnz    w0, start_again
        adrp    x2, kernel      /* core->current, and its values in registers */
        ldr     x2, [x2, :lo12:kernel]
        ldp     x0, x1, [x2, #CONTEXT_X]
        ldr     x7, [x2, #CONTEXT_X7]
1:      b       syscall_entry

door_interrupt:
        queue
        b.eq    1f
        mov     w0, w10
        bl      cores_wait
        cbnz    w0, start_again
1:      bl      trap_interrupt
        tbz     x0, #0, 2f
        b       resume
2:      b       arch_leave

door_exception:
        queue
        b.eq    1f
        mov     w0, w10
        bl      cores_wait
        cbnz    w0, start_again
1:      mrs     x0, esr_el1
        mov     w0, w0
        mrs     x1, far_el1
        bl      trap_exception
        b       arch_leave

start_again:
        bl      trap_first
        b       arch_leave

/* x0 = the context to run */
        .global door_out, door_resume
door_out:
        bl      cores_leave
        mov     sp, x0
        b       arch_leave + 4
door_resume:
        bl      cores_leave
        sub     sp, x0, #1
        b       resume + 4

/* A core that the loader has started, on its own map: x0 = the record of the loader in the window, x1 = its row among the cores. */
        .global secondary_start
secondary_start:
        adrp    x2, kernel_stack_top
        mov     sp, x2
        mov     x29, xzr
        mov     x30, xzr
        bl      boot_core
        bl      trap_first
        b       arch_leave
