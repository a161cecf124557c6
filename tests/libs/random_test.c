/* SPDX-License-Identifier: BSD-2-Clause */
/* Random sequences of calls to all libraries (steps.h), with random failures of kernel calls. */
#include "steps.h"

enum { STEPS = 1500, FEW_STEPS = 40, LEVELS = 6 };

static uint64_t random_below(uint64_t limit)
{
        return libs_random() % limit;
}

static void play(const seL4_BootInfo *bi, unsigned one_in, int steps)
{
        struct libs_balance before;

        steps_begin(bi);
        steps_choose_by(random_below);
        before = libs_balance();
        for (int round = 0; round < LEVELS; round++) {
                libs_inject(one_in, (uint64_t)round + one_in);
                for (int i = 0; i < steps; i++) {
                        steps_do();
                        if (i % 16 == 0)
                                steps_audit();
                }
                steps_everything_back();
                libs_check_balance(before);
        }
        libs_note("     %lu things made, %lu refused", steps_made, steps_refused);
}

static void without_failures(const seL4_BootInfo *bi)
{
        play(bi, 0, STEPS);
        CHECK(steps_made > 1000);
}

static void few_failures(const seL4_BootInfo *bi)
{
        play(bi, 100, STEPS);
        CHECK(steps_refused > 50);
}

static void many_failures(const seL4_BootInfo *bi)
{
        play(bi, 12, STEPS);
        CHECK(steps_refused > 500);
}

/* The kernel checks its whole state after each entry, which takes time. */
static void with_the_kernels_checker(const seL4_BootInfo *bi)
{
        play(bi, 30, FEW_STEPS);
        CHECK(steps_refused > 5);
}

const struct libs_case random_cases[] = {
        {"random: all libraries together", without_failures, 128, true},
        {"random: one kernel call in 100 fails", few_failures, 128, true},
        {"random: one kernel call in 12 fails", many_failures, 128, true},
        {"random: with the kernel's checker", with_the_kernels_checker, 32, false},
};
LIBS_COUNT(random_cases);
