/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's print, compared with the C library's where both know the directive. */
#include "arch/host/host.h"
#include "console/log.h"
#include "tests/lib/test.h"

#include <stdio.h>
#include <string.h>

enum { LINE = 200 };

static const word VALUES[] = {0,          1,          9,         10,        0x7fffffff,
                              0x80000000, 0xffffffff, 1ul << 32, 1ul << 63, ~(word)0};

static void printed(const char *wanted)
{
        CHECK(strcmp(host_console_text(), wanted) == 0);
        host_console_clear();
}

static void numbers(void)
{
        char wanted[LINE];

        host_console_start();
        host_console_echo(-1);
        host_console_clear();
        for (word i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++) {
                word v = VALUES[i];

                print("%d|%u|%x|%ld|%lu|%lx;", (int)v, (unsigned)v, (unsigned)v, (long)v, v, v);
                snprintf(wanted, sizeof wanted, "%d|%u|%x|%ld|%lu|%lx;", (int)v, (unsigned)v, (unsigned)v,
                         (long)v, v, v);
                printed(wanted);
        }
}

static void strings(void)
{
        host_console_start();
        host_console_echo(-1);
        host_console_clear();
        print("%s%c%%%p", "a\tb", 'c', (void *)0x1f);
        printed("a\tbc%0x1f");
        const char *volatile none = NULL; /* so that the compiler does not warn of it */

        print("<%s><%s>", "", none);
        printed("<><(none)>");
        print("%s", "");
        printed("");
}

const struct test log_tests[] = {
        {"log: numbers as the C library prints them", numbers},
        {"log: strings, also empty and none", strings},
        {NULL, NULL},
};
