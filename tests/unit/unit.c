/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of kernel rooms: one table per file, each ended by a NULL name. */
#include "tests/lib/test.h"

enum { CASES_MAX = 256 };

extern const struct test labels_tests[], log_tests[], vm_tests[], vm_map_tests[], vm_cache_tests[],
        vm_stale_tests[], vm_random_tests[], sched_refill_tests[], sched_clock_tests[], sched_queue_tests[],
        vm_asid_tests[], registers_tests[];

int main(int count, char **argument)
{
        const struct test *const tables[] = {labels_tests,      log_tests,          vm_tests,
                                             vm_map_tests,      vm_cache_tests,     vm_stale_tests,
                                             vm_random_tests,   sched_refill_tests, sched_clock_tests,
                                             sched_queue_tests, vm_asid_tests,      registers_tests};
        static struct test all[CASES_MAX];
        word n = 0;

        for (word i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
                for (const struct test *t = tables[i]; t->name; t++) {
                        if (n == CASES_MAX)
                                return 2; /* CASES_MAX is to grow */
                        all[n++] = *t;
                }
        }
        return test_main(all, n, count > 1 ? argument[1] : NULL);
}
