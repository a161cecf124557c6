/* SPDX-License-Identifier: BSD-2-Clause */
/* The way in: the exception vectors.
 *
 * While user code runs, SP_EL1 (SP_EL2) points at the context of the current thread, so the registers are stored where they
 * belong without a single free register, each once.  Then the kernel stack starts empty: nothing survives between two
 * entries.  The first arguments of a system call reach C in the registers where the user left them.
 * The kernel itself runs with every exception masked; one taken inside is a bug and ends in arch_bug.  Behind each of these
 * short entries the linker puts a small function (.text.gap.N, kernel.ld).
 */
#include "arch/aarch64/face.h"
#include "arch/aarch64/offsets.h"

        .macro  save_user
        stp     x0, x1, [sp, #CONTEXT_X]
        stp     x2, x3, [sp, #CONTEXT_X + 16]
        stp     x4, x5, [sp, #CONTEXT_X + 32]
        stp     x6, x7, [sp, #CONTEXT_X + 48]
        stp     x8, x9, [sp, #CONTEXT_X + 64]
        stp     x10, x11, [sp, #CONTEXT_X + 80]
        stp     x12, x13, [sp, #CONTEXT_X + 96]
        stp     x14, x15, [sp, #CONTEXT_X + 112]
        stp     x16, x17, [sp, #CONTEXT_X + 128]
        stp     x18, x19, [sp, #CONTEXT_X + 144]
        stp     x20, x21, [sp, #CONTEXT_X + 160]
        stp     x22, x23, [sp, #CONTEXT_X + 176]
        stp     x24, x25, [sp, #CONTEXT_X + 192]
        stp     x26, x27, [sp, #CONTEXT_X + 208]
        stp     x28, x29, [sp, #CONTEXT_X + 224]
        mrs     x9, sp_el0
        either  "mrs x10, elr_el1", "mrs x10, elr_el2"
        either  "mrs x11, spsr_el1", "mrs x11, spsr_el2"
        mrs     x12, tpidr_el0
        stp     x30, x9, [sp, #CONTEXT_X30]
        stp     x10, x11, [sp, #CONTEXT_PC]
        .endm

        .macro  kernel_stack by_door
        adrp    x9, kernel_stack_top
        several "mov sp, x9", "b \by_door"
        .endm

/* The same for system calls: at EL2 nothing goes past the door. */
        .macro  kernel_stack_of_calls
        adrp    x9, kernel_stack_top
        several_or_both "mov sp, x9", "b local_entry", "b door_syscall"
        .endm

/* Sixteen entries of 128 bytes, each in a section of its own. */
        .macro  vector number
        .section .text.vector.\number, "ax"
        .endm

        .macro  bug number
        vector  \number
        msr     tpidr_el1, x0
        mov     x0, #\number
        b       bug_entry
        .endm

        bug     0
        bug     1
        bug     2
        bug     3
        bug     4
        bug     5
        bug     6
        bug     7

        /* lower level, synchronous: x13 the syndrome; x0 to x7 still have the user's values */
        vector  8
enter_synchronous:
        save_user
        either  "mrs x13, esr_el1", "mrs x13, esr_el2"
        lsr     x14, x13, #25           /* the class, and that the instruction has 32 bits */
        cmp     x14, #0x15 * 2 + 1
        b.ne    exception_entry
        sub     x10, x10, #4
        stp     x10, x12, [sp, #CONTEXT_RESTART]
        mov     x2, sp
        kernel_stack_of_calls
        b       syscall_entry

        vector  9
enter_interrupt:
        save_user
        either  "stp x10, x12, [sp, #272]", "b el2_interrupt" /* CONTEXT_RESTART */
        kernel_stack local_timer
        bl      trap_interrupt
        tbnz    x0, #0, resume
        b       arch_leave

        bug     10
        bug     11
        bug     12
        bug     13
        bug     14
        bug     15

        .section .text.gap.10, "ax"
exception_entry:
        either  "stp x10, x12, [sp, #272]", "b el2_exception" /* CONTEXT_RESTART */
        kernel_stack door_exception
        mov     w0, w13
        either  "mrs x1, far_el1", "mrs x1, far_el2"
        bl      trap_exception
        b       arch_leave

/* x0 = number of the vector, TPIDR_EL1 = the interrupted x0.  The kernel stack itself may be broken, so what lies behind
 * `core` in its page is the stack (core/state.h). */
        .section .text.gap.0, "ax"
bug_entry:
        msr     tpidr_el0, x1
        adrp    x1, kernel + 4096
        sub     x1, x1, #BUG_SIZE
        stp     x2, x3, [x1, #16]
        stp     x4, x5, [x1, #32]
        stp     x6, x7, [x1, #48]
        stp     x8, x9, [x1, #64]
        stp     x10, x11, [x1, #80]
        stp     x12, x13, [x1, #96]
        stp     x14, x15, [x1, #112]
        stp     x16, x17, [x1, #128]
        stp     x18, x19, [x1, #144]
        stp     x20, x21, [x1, #160]
        stp     x22, x23, [x1, #176]
        stp     x24, x25, [x1, #192]
        stp     x26, x27, [x1, #208]
        stp     x28, x29, [x1, #224]
        mov     x2, sp
        stp     x30, x2, [x1, #240]
        mov     sp, x1
        mrs     x2, tpidr_el1
        mrs     x3, tpidr_el0
        stp     x2, x3, [x1]
        b       arch_bug

        .section .bss.stack, "aw", %nobits
        .balign 4096
        .skip   8192
        .global kernel_stack_top
kernel_stack_top:
