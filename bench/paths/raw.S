/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls with readings of the counter directly before and after the instruction, with nothing between.
 *
 * void raw_X(word regs[9], word reading[2]): x0-x8 from the array, svc, and back to the array; the reading before it goes to
 * reading[0], the one after it to reading[1].  A reading before is always in x9 and one after in x10: that is how the
 * counting plugin (bench/plugin) knows the beginning of an interval from its end.
 */
        .macro  begin_reading
        isb
        mrs     x9, pmccntr_el0
        .endm
        .macro  end_reading
        isb
        mrs     x10, pmccntr_el0
        .endm
        .macro  nothing
        .endm

        .macro  raw name, before, after
        .globl  \name
\name:  stp     x0, x1, [sp, #-16]!
        mov     x11, x0
        ldp     x0, x1, [x11]
        ldp     x2, x3, [x11, #16]
        ldp     x4, x5, [x11, #32]
        ldp     x6, x7, [x11, #48]
        ldr     x8, [x11, #64]
        \before
        svc     #0
        \after
        ldp     x11, x12, [sp], #16
        stp     x0, x1, [x11]
        stp     x2, x3, [x11, #16]
        stp     x4, x5, [x11, #32]
        stp     x6, x7, [x11, #48]
        str     x8, [x11, #64]
        stp     x9, x10, [x12]
        ret
        .endm

        .text
        raw     raw_plain, nothing, nothing
        raw     raw_begin, begin_reading, nothing
        raw     raw_end, nothing, end_reading
        raw     raw_both, begin_reading, end_reading

/* void read_twice(word reading[2]): what the readings themselves cost, and svc (here a nop). */
        .globl  read_twice
read_twice:
        begin_reading
        nop
        end_reading
        stp     x9, x10, [x0]
        ret

/* void fault_undefined(word reading[2]): one fault between the readings; whoever handles it resumes after it. */
        .globl  fault_undefined
fault_undefined:
        begin_reading
        udf     #0
        end_reading
        stp     x9, x10, [x0]
        ret

/* void fault_for_ever(word address): a load that is restarted again and again. */
        .globl  fault_for_ever
fault_for_ever:
        ldr     xzr, [x0]
        b       fault_for_ever

/* void unknown_calls(void): an unknown system call again and again. */
        .globl  unknown_calls
unknown_calls:
        mov     x7, #-77
        svc     #0
        b       unknown_calls

/* void touch_nothing(void): the cost of the next function without its one FP instruction. */
        .globl  touch_nothing
touch_nothing:
        nop
        ret

/* void touch_fpu(void): the FP registers belong to this thread afterwards. */
        .globl  touch_fpu
touch_fpu:
        .arch_extension fp
        fmov    d0, xzr
        ret
