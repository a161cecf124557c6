/* SPDX-License-Identifier: BSD-2-Clause */
/* Measuring paths of the kernel from user level, in instructions (spec performance.md).
 *
 * Under `-icount shift=0` PMCCNTR of the emulated processor counts executed instructions exactly.  A measurement takes
 * ROUNDS pairs of readings, drops the first WARM and prints the median as `cost NAME VALUE DIVISOR`; VALUE covers
 * DIVISOR operations.  After each line a marker instruction tells the counting plugin that the last interval was the
 * one of this line.
 *
 * Two ways of reading:
 *   MEASURE      around a call of the public API, as users write it: stub, entry, kernel, exit and the readings (2).
 *   raw_begin/raw_end   directly before and after the instruction svc, in two threads where the path leads from one to the
 *                other; the readings are subtracted, so that only svc and the kernel remain.
 */
#pragma once

#include "machine.h"
#include "suite.h"

enum { ROUNDS = 40, WARM = 8, REGISTERS = 9, PARTNER = 150, ABOVE = 160, BELOW = 140 };

/* --- readings --- */

static inline word begin_reading(void)
{
        register word n __asm__("x9");

        __asm__ volatile("isb\n\tmrs %0, pmccntr_el0" : "=r"(n) : : "memory");
        return n;
}

static inline word end_reading(void)
{
        register word n __asm__("x10");

        __asm__ volatile("isb\n\tmrs %0, pmccntr_el0" : "=r"(n) : : "memory");
        return n;
}

typedef void raw_fn(word regs[REGISTERS], word reading[2]);
raw_fn raw_plain, raw_begin, raw_end, raw_both;
void read_twice(word reading[2]);
void fault_undefined(word reading[2]);
_Noreturn void fault_for_ever(word address);
_Noreturn void unknown_calls(void);
void touch_fpu(void);
void touch_nothing(void); /* the same instructions without that one */

/* --- collecting --- */

void counting(void);                          /* starts the counter; call it first in each test */
__attribute__((weak)) void on_counting(void); /* what a program does besides at that moment (bench/traced) */
void sample(word instructions);               /* one round */
void begun(word reading);                     /* one side of a path between two threads */
void ended(word reading); /* the other side; pairs are found by time, the readings are subtracted */
void cost(const char *name, word divisor); /* the median of the rounds since the last cost */
void value(const char *name, word value);  /* a figure that was not measured by readings */

/* `operation` with `round` counting from 0, after `preparation`, which does not count. */
#define MEASURE_AFTER(name, preparation, operation)                                                          \
        do {                                                                                                 \
                for (word round = 0; round < ROUNDS; round++) {                                              \
                        preparation;                                                                         \
                        word before = begin_reading();                                                       \
                        operation;                                                                           \
                        sample(end_reading() - before);                                                      \
                }                                                                                            \
                cost(name, 1);                                                                               \
        } while (0)
#define MEASURE(name, operation) MEASURE_AFTER(name, , operation)

/* An invocation; one that is refused is not measured. */
#define INVOKE_AFTER(name, preparation, invocation)                                                          \
        do {                                                                                                 \
                for (word round = 0; round < ROUNDS; round++) {                                              \
                        preparation;                                                                         \
                        word before = begin_reading(), error = (word)(invocation), after = end_reading();    \
                        OK(error);                                                                           \
                        sample(after - before);                                                              \
                }                                                                                            \
                cost(name, 1);                                                                               \
        } while (0)
#define INVOKE(name, invocation) INVOKE_AFTER(name, , invocation)

/* An operation that can be done only once; it covers `divisor` units. */
#define ONCE(name, divisor, invocation)                                                                      \
        do {                                                                                                 \
                word before = begin_reading(), error = (word)(invocation), after = end_reading();            \
                OK(error);                                                                                   \
                sample(after - before);                                                                      \
                cost(name, divisor);                                                                         \
        } while (0)

/* --- system calls --- */

/* One system call: `how` says where the counter is read; a reading is passed to begun() or ended(). */
struct call {
        raw_fn *how;
        seL4_Syscall_ID number;
        word x0, info, x6, x8;
};
void make_call(const struct call *c);

/* --- partners --- */

word second_space(
        void); /* a VSpace in which the image, and the pages of helpers put there, have the same addresses */

/* A helper with a stack of its own; space 0: that of the root task. */
void partner(struct helper *h, word priority, word space, helper_fn *fn, word a, word b);
void receive_for_ever(word ep, word reply); /* what a partner may do */

/* A partner signals when it has finished; the test blocks until `n` have, so that nobody else can run meanwhile. */
void meeting(void); /* before the partners are made */
void through(void);
void await(word n);
