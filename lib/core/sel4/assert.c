/* SPDX-License-Identifier: BSD-2-Clause */
/* What a failed assertion does: report, then end the program.  A program may bring its own. */
#include <sel4/report.h>
#include <sel4/start.h>

#ifdef __aarch64__

enum { EXIT_ASSERTION = 134 };

_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function);

__attribute__((weak)) void __assert_fail(const char *expression, const char *file, int line,
                                         const char *function)
{
        report("%s:%d: %s: assertion failed: %s", file, line, function ? function : "?", expression);
        start_exit(EXIT_ASSERTION);
}

#endif
