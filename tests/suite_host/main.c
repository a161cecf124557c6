/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the suite on the host core.  Usage: suite [fast]      fast: without the whole-state checker */
#include "tests/lib/native.h"

#include <stdio.h>

enum { COST = 100, MEMORY = 64 << 20 };

void suite_host(word boot);

int main(int argc, char **argv)
{
        (void)argv;
        setvbuf(stdout, NULL, _IOLBF, 0);
        native_settings(COST, argc == 1);
        enum native_end end = native_run(&(struct host_options){.memory = MEMORY}, suite_host);

        if (end == NATIVE_STUCK)
                return 0;
        printf("the kernel halted:\n%s\n0 passed, 1 failed\n", host_console_text());
        return 1;
}
