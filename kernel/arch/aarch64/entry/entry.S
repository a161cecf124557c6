/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instruction of the kernel, and its last one: the return to user level. */
#include "arch/aarch64/face.h"
#include "arch/aarch64/offsets.h"

        .section .text.entry, "ax"

/* x0 = address of struct handover in the window; MMU on, everything masked, no stack. */
        .global _start
_start:
        adrp    x1, kernel_stack_top
        mov     sp, x1
        mov     x29, xzr
        mov     x30, xzr
        bl      boot
        bl      trap_first
        b       arch_leave

/* The two calls that everything is built from skip the dispatch in C: their numbers, -1 and -2, are the highest words there are,
 * so one comparison tells both from all others.  A call that changes threads goes straight on to the way out. */
        .global syscall_entry
syscall_reply_recv:
        b.ne    syscall_other
        bl      trap_reply_recv
        tbnz    x0, #0, resume
        b       arch_leave
syscall_other:
        mov     x3, x7
        bl      trap_other_syscall
        tbnz    x0, #0, resume
        b       arch_leave
syscall_entry:
        cmn     x7, #2
        b.ls    syscall_reply_recv
        bl      trap_call
        tbnz    x0, #0, resume

/* x0 = the context to run.  ERET also synchronises every system register written before it, so nothing on the way
 * out needs a barrier for the sake of user level. */
        .global arch_leave
arch_leave:
        either_or_several "mov sp, x0", "b el2_leave", "b door_out"
        ldp     x1, x2, [sp, #CONTEXT_PC]
        ldp     x3, x4, [sp, #CONTEXT_TPIDR]
        ldp     x30, x5, [sp, #CONTEXT_X30]
        either  "msr elr_el1, x1", "msr elr_el2, x1"
        either  "msr spsr_el1, x2", "msr spsr_el2, x2"
        msr     tpidr_el0, x3
        msr     tpidrro_el0, x4
        msr     sp_el0, x5
        ldp     x28, x29, [sp, #CONTEXT_X + 224]
        ldp     x26, x27, [sp, #CONTEXT_X + 208]
        ldp     x24, x25, [sp, #CONTEXT_X + 192]
        ldp     x22, x23, [sp, #CONTEXT_X + 176]
        ldp     x20, x21, [sp, #CONTEXT_X + 160]
        ldp     x18, x19, [sp, #CONTEXT_X + 144]
        ldp     x16, x17, [sp, #CONTEXT_X + 128]
        ldp     x14, x15, [sp, #CONTEXT_X + 112]
        ldp     x12, x13, [sp, #CONTEXT_X + 96]
        ldp     x10, x11, [sp, #CONTEXT_X + 80]
        ldp     x8, x9, [sp, #CONTEXT_X + 64]
        ldp     x6, x7, [sp, #CONTEXT_X + 48]
        ldp     x4, x5, [sp, #CONTEXT_X + 32]
        ldp     x2, x3, [sp, #CONTEXT_X + 16]
        ldp     x0, x1, [sp, #CONTEXT_X]
        eret
        dsb     nsh             /* never reached: stops the processor from speculating past ERET with user registers */
        isb

/* x0 = what arch_resume returned: the context that was stored at this entry, plus 1.  The C code between keeps x19 to x29,
 * and nothing else of the context changed but x0 to x18 and x30. */
        .section .text.gap.5, "ax"
        .global resume
resume:
        several "sub sp, x0, #1", "b door_resume"
        ldr     x30, [sp, #CONTEXT_X30]
        ldp     x18, x19, [sp, #CONTEXT_X + 144]
        ldp     x16, x17, [sp, #CONTEXT_X + 128]
        ldp     x14, x15, [sp, #CONTEXT_X + 112]
        ldp     x12, x13, [sp, #CONTEXT_X + 96]
        ldp     x10, x11, [sp, #CONTEXT_X + 80]
        ldp     x8, x9, [sp, #CONTEXT_X + 64]
        ldp     x6, x7, [sp, #CONTEXT_X + 48]
        ldp     x4, x5, [sp, #CONTEXT_X + 32]
        ldp     x2, x3, [sp, #CONTEXT_X + 16]
        ldp     x0, x1, [sp, #CONTEXT_X]
        eret
        dsb     nsh             /* as above */
        isb
