/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripted scenarios on the simulated machine, under AddressSanitizer and UBSan, with the whole-state checker after
 * every kernel entry.  Usage: sim [PART OF A NAME] */
#include "tests/sim/scenarios.h"

#include <stdio.h>
#include <string.h>

static void fail_case(const char *why)
{
        fprintf(stderr, "%s\n", host_console_text());
        test_fail("sim", 0, "%s", why);
}

static struct thread *machine(word hypervisor)
{
        host_console_clear();
        sim = (struct sim_settings){.cost = SIM_COST_DEFAULT, .fail = fail_case};
        struct thread *t = sim_boot(
                &(struct host_options){.memory = MEMORY, .cnode_bits = 10, .hypervisor = hypervisor});
        CHECK(t != NULL);
        CHECK(user_bootinfo()->empty.start <= FREE);
        return t;
}

struct thread *small_machine(void)
{
        return machine(0);
}

struct thread *machine_at_el2(word bits)
{
        return machine(bits);
}

static struct test all[256];
static word count;

static void add(const struct test *tests, word n)
{
        memcpy(all + count, tests, n * sizeof(*tests));
        count += n;
}

int main(int argc, char **argv)
{
        add(memory_tests, memory_test_count);
        add(ipc_tests, ipc_test_count);
        add(time_tests, time_test_count);
        add(preemption_tests, preemption_test_count);
        add(preemption_each_tests, preemption_each_test_count);
        add(between_tests, between_test_count);
        add(hardware_tests, hardware_test_count);
        add(checker_tests, checker_test_count);
        add(context_tests, context_test_count);
        add(deep_message_tests, deep_message_test_count);
        add(trace_tests, trace_test_count);
        add(debugged_tests, debugged_test_count);
        add(dump_tests, dump_test_count);
        add(guest_tests, guest_test_count);
        add(guest_space_tests, guest_space_test_count);
        add(guest_call_tests, guest_call_test_count);
        return test_main(all, count, argc > 1 ? argv[1] : NULL);
}
