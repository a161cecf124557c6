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

/* x0, x1, x2, x7 as at the entry of a system call */
        .macro  reload_call
        adrp    x2, kernel      /* core->current, and its values in registers */
        ldr     x2, [x2, :lo12:kernel + KERNEL_CURRENT]
        ldp     x0, x1, [x2, #CONTEXT_X]
        ldr     x7, [x2, #CONTEXT_X7]
        .endm

/* `kernel` lies behind the stack (kernel.ld asserts it), and begins with this word; while the stack is empty, x9 or sp is its end.
 * local_begin leaves flags, eq: nobody is inside, nor wants to be. */
        .macro  local_begin
        mov     sp, x9
        str     w9, [x9, #KERNEL_CORE_LOCAL]     /* not 0 */
        dmb     ish
        adrp    x10, kernel + KERNEL_DOOR_TURN
        ldr     w11, [x10, #KERNEL_DOOR_NEXT - KERNEL_DOOR_TURN]
        ldar    w12, [x10]
        cmp     w11, w12
        .endm
        .macro  local_end
        stlr    wzr, [sp]       /* KERNEL_CORE_LOCAL */
        .endm

/* Inside, when it is our turn.  x9 = the end of the stack.  If the thread that came in is stopped, it has done nothing, and this does not
 * return. */
        .text
        .global come_in
come_in:
        mov     sp, x9
        adr     x9, kernel + KERNEL_DOOR_NEXT
1:      ldxr    w10, [x9]
        add     w11, w10, #1
        stxr    w12, w11, [x9]
        cbnz    w12, 1b
        sub     x9, x9, #KERNEL_DOOR_NEXT - KERNEL_DOOR_TURN
        ldar    w11, [x9]
        cmp     w11, w10
        b.eq    door_shut
        str     x30, [sp, #-16]!
        mov     w0, w10
        bl      cores_wait
        ldr     x30, [sp], #16
        cbnz    w0, start_again
        ret

/* A system call past the door (door/local.h).  Whether somebody is inside, or wants to be, the words of the door tell. */
        .global local_entry, door_again, door_again_and_home
local_entry:
        local_begin
        b.ne    local_retreat
        cmn     x7, #2
        b.ls    2f
        bl      trap_call
        tbnz    x0, #0, 4f
3:      local_end
        mov     sp, x0
        b       arch_leave + 4
2:      b.ne    5f
        bl      trap_reply_recv
        tbz     x0, #0, 3b
4:      local_end
        sub     sp, x0, #1
        b       resume + 4
5:      mov     x3, x7
        bl      local_other_syscall
        tbnz    x0, #0, 4b
        b       3b

/* Somebody is inside, and soon out again: whoever took a number at once would be found inside by the next one, and so on.  11 instructions
 * for each look, of which x14 counts 32 for each core, from what vectors.S left in it on. */
local_retreat:
        str     wzr, [x9, #KERNEL_CORE_LOCAL]
1:      add     x14, x14, #1
        ldr     x12, kernel + KERNEL_CORES
        cmp     x14, x12, lsl #5
        b.hs    door_syscall
        mrs     x12, isr_el1
        cbnz    x12, door_syscall
        yield
        ldr     w11, [x10, #KERNEL_DOOR_NEXT - KERNEL_DOOR_TURN]
        ldr     w12, [x10]
        cmp     w11, w12
        b.ne    1b
        b       local_entry

/* The way in that was taken is not it: nothing was written that others know. */
door_again_and_home:
        adrp    x9, kernel_stack_top
        mov     sp, x9
        local_end
        bl      come_in
        bl      local_come_home
        b       2f
door_again:
        adrp    x9, kernel_stack_top
        mov     sp, x9
        local_end
        reload_call
        b       door_syscall

        .text
        .global door_syscall, local_timer, door_exception
door_syscall:
        bl      come_in
2:      reload_call
        b       syscall_entry

/* An interrupt past the door, if it is the timer's and all that is due is at home here.  The stack is empty behind each branch. */
local_timer:
        local_begin
        b.ne    door_interrupt
        bl      local_interrupt
        cbnz    x0, 3b
door_interrupt:
        local_end
        mov     x9, sp
        bl      come_in
        bl      trap_interrupt
        tbz     x0, #0, 2f
        b       resume
2:      b       arch_leave

door_exception:
        bl      come_in
        mrs     x0, esr_el1
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
