/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor of virtual machines (os/monitor) against models: with both interrupt controllers, and with few and many list registers. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/test.h"
#include "tests/monitor/cases.h"

/* The monitor's state begins anew in each process. */
static void in_machines(void (*run)(void), const unsigned *lists, unsigned count)
{
        for (unsigned i = 0; i < 2 * count; i++) {
                int status = -1;
                pid_t child;

                world.gic = 2 + i % 2;
                world.lists = lists[i / 2];
                fflush(NULL);
                child = fork();
                CHECK(child >= 0);
                if (!child)
                        _exit(!test_holds(run));
                CHECK(waitpid(child, &status, 0) == child);
                if (status)
                        test_fail(__FILE__, __LINE__, "with a GICv%u and %u list registers: status 0x%x",
                                  world.gic, world.lists, (unsigned)status);
        }
}

static const unsigned usual[] = {4}, few_and_many[] = {1, 4, WORLD_LISTS};

#define CASE(name, lists)                                                                                    \
        static void name##_everywhere(void)                                                                  \
        {                                                                                                    \
                in_machines(name, lists, sizeof(lists) / sizeof(*lists));                                    \
        }
CASE(registers_one_by_one, usual)
CASE(registers_at_random, usual)
CASE(registers_that_are_none, usual)
CASE(each_register, usual)
CASE(each_trap, usual)
CASE(interrupts_at_random, few_and_many)
CASE(a_wait_and_each_end_of_it, few_and_many)
CASE(several_processors_at_random, few_and_many)
CASE(offers_without_end, usual)
CASE(nonsense_in_queues, usual)

static const struct test tests[] = {
        {"each register at each width", registers_one_by_one_everywhere},
        {"registers at random", registers_at_random_everywhere},
        {"what is no register is an abort", registers_that_are_none_everywhere},
        {"a device's access through each register", each_register_everywhere},
        {"a trap through each register", each_trap_everywhere},
        {"interrupts at random", interrupts_at_random_everywhere},
        {"a wait, and each end of it", a_wait_and_each_end_of_it_everywhere},
        {"several processors at random", several_processors_at_random_everywhere},
        {"a disk with offers without end", offers_without_end_everywhere},
        {"a disk with nonsense in its queue", nonsense_in_queues_everywhere},
};

int main(int count, char **argument)
{
        return test_main(TEST_LIST(tests), count > 1 ? argument[1] : NULL);
}
