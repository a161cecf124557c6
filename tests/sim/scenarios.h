/* SPDX-License-Identifier: BSD-2-Clause */
/* The scripted scenarios, by file. */
#pragma once

#include "tests/lib/test.h"
#include "tests/lib/user.h"

extern const struct test memory_tests[], ipc_tests[], time_tests[], preemption_tests[],
        preemption_each_tests[], between_tests[], checker_tests[], hardware_tests[], context_tests[],
        deep_message_tests[], trace_tests[], dump_tests[], guest_tests[], guest_space_tests[],
        guest_call_tests[], debugged_tests[];
extern const word memory_test_count, ipc_test_count, time_test_count, preemption_test_count,
        preemption_each_test_count, between_test_count, checker_test_count, hardware_test_count,
        context_test_count, deep_message_test_count, trace_test_count, dump_test_count, guest_test_count,
        guest_space_test_count, guest_call_test_count, debugged_test_count;

/* A small machine, booted; returns the root thread.  Slots from FREE on are empty. */
struct thread *small_machine(void);

/* The same with the interface of EL2, and spaces of 40 or 44 bits. */
struct thread *machine_at_el2(word bits);

/* There, a guest that runs, beside another and their monitor. */
struct thread *running_guest(void);

enum { FREE = 150, MEMORY = 16 << 20 };

/* Public fault and error numbers that scenarios name. */
enum {
        ERROR_INVALID_ARGUMENT = 1,
        ERROR_INVALID_CAPABILITY = 2,
        ERROR_ILLEGAL = 3,
        ERROR_RANGE = 4,
        ERROR_LOOKUP = 6,
        ERROR_TRUNCATED = 7,
        ERROR_DELETE_FIRST = 8,
        ERROR_REVOKE_FIRST = 9,
        ERROR_MEMORY = 10,
};
