/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the suite on the host core.  Usage: suite [fast] [domains]
 *      fast: without the whole-state checker; domains: three domains, and the tests that are for them */
#include "tests/lib/native.h"

#include <stdio.h>
#include <string.h>

enum { COST = 100, MEMORY = 64 << 20, DOMAINS = 3 };

void suite_host(word boot);

static bool has(int count, char **argument, const char *wanted)
{
        for (int i = 1; i < count; i++) {
                if (strcmp(argument[i], wanted) == 0)
                        return true;
        }
        return false;
}

int main(int count, char **argument)
{
        const struct host_options machine = {.memory = MEMORY,
                                             .domains = has(count, argument, "domains") ? DOMAINS : 1};

        setvbuf(stdout, NULL, _IOLBF, 0);
        native_settings(COST, !has(count, argument, "fast"));
        enum native_end end = native_run(&machine, suite_host);

        if (end == NATIVE_STUCK)
                return 0;
        printf("the kernel halted:\n%s\n0 passed, 1 failed\n", host_console_text());
        return 1;
}
