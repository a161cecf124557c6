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

struct thread *small_machine(void)
{
        host_console_clear();
        sim = (struct sim_settings){.cost = SIM_COST_DEFAULT, .fail = fail_case};
        struct thread *t = sim_boot(&(struct host_options){.memory = MEMORY, .cnode_bits = 10});
        CHECK(t != NULL);
        CHECK(user_bootinfo()->empty.start <= FREE);
        return t;
}

int main(int argc, char **argv)
{
        static struct test all[256];
        word n = 0;

        memcpy(all, memory_tests, memory_test_count * sizeof(*all));
        n = memory_test_count;
        memcpy(all + n, ipc_tests, ipc_test_count * sizeof(*all));
        n += ipc_test_count;
        memcpy(all + n, time_tests, time_test_count * sizeof(*all));
        n += time_test_count;
        memcpy(all + n, preemption_tests, preemption_test_count * sizeof(*all));
        n += preemption_test_count;
        return test_main(all, n, argc > 1 ? argv[1] : NULL);
}
