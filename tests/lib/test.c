/* SPDX-License-Identifier: BSD-2-Clause */
/* See test.h. */
#include "tests/lib/test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf end_of_case;

_Noreturn void test_fail(const char *file, int line, const char *format, ...)
{
        va_list rest;

        fflush(stdout);
        fprintf(stderr, "%s:%d: ", file, line);
        va_start(rest, format);
        vfprintf(stderr, format, rest);
        va_end(rest);
        fputc('\n', stderr);
        longjmp(end_of_case, 1);
}

bool test_holds(void (*run)(void))
{
        if (setjmp(end_of_case) != 0)
                return false;
        run();
        return true;
}

int test_main(const struct test *tests, word count, const char *only)
{
        volatile word passed = 0, failed = 0;

        for (volatile word i = 0; i < count; i++) {
                if (only && !strstr(tests[i].name, only))
                        continue;
                bool ok = test_holds(tests[i].run);

                printf("%s %s\n", ok ? "ok  " : "FAIL", tests[i].name);
                passed += ok;
                failed += !ok;
        }
        printf("%lu passed, %lu failed\n", passed, failed);
        return failed || !passed ? 1 : 0;
}
