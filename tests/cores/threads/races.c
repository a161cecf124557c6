/* SPDX-License-Identifier: BSD-2-Clause */
/* Random operations of several cores, each a thread of the host, under ThreadSanitizer: a word that is not the door's, and not written
 * behind it, is a race that is reported.
 *
 * Usage: races SEED STEPS
 */
#include "tests/cores/explore.h"
#include "tests/lib/test.h"

#include <stdio.h>
#include <stdlib.h>

static word seed, steps;

static void walk(void)
{
        printf("     seed %lu: %lu operations\n", seed, explore_walk(seed, steps));
        machine_end();
}

int main(int count, char **arg)
{
        static const struct test tests[] = {{"threads", walk}};

        seed = count > 1 ? strtoul(arg[1], NULL, 0) : 1;
        steps = count > 2 ? strtoul(arg[2], NULL, 0) : 4000;
        return test_main(TEST_LIST(tests), NULL);
}
