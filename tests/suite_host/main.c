/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the suite on the host core, with the interface that it was compiled for.  Usage: suite [DOMAINS [fast]]      fast: without the
 * whole-state checker */
#include "tests/lib/native.h"

#include <stdio.h>
#include <stdlib.h>

enum { COST = 100, MEMORY = 64 << 20 };

void suite_host(word boot);
word suite_host_interface(void);

int main(int argc, char **argv)
{
        struct host_options options = {.memory = MEMORY,
                                       .domains = argc > 1 ? strtoul(argv[1], NULL, 10) : 1,
                                       .hypervisor = suite_host_interface()};

        setvbuf(stdout, NULL, _IOLBF, 0);
        native_settings(COST, argc <= 2);
        enum native_end end = native_run(&options, suite_host);

        if (end == NATIVE_STUCK)
                return 0;
        printf("the kernel halted:\n%s\n0 passed, 1 failed\n", host_console_text());
        return 1;
}
