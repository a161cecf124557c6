/* SPDX-License-Identifier: BSD-2-Clause */
/* The test framework of the host: named cases in a table, checks that count, one line per case.
 *
 * A case that fails a check ends there (long jump), so later checks may rely on earlier ones.
 */
#pragma once

#include "core/word.h"

struct test {
        const char *name;
        void (*run)(void);
};

/* Run every case whose name contains `only` (NULL: all); prints `N passed, N failed`; returns the exit status. */
int test_main(const struct test *tests, word count, const char *only);

/* Run one case outside of a table: did all its checks hold? */
bool test_holds(void (*run)(void));

/* The current case failed; does not return. */
_Noreturn void test_fail(const char *file, int line, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

#define TEST_LIST(tests) (tests), sizeof(tests) / sizeof((tests)[0])

#define CHECK(x) ((x) ? (void)0 : test_fail(__FILE__, __LINE__, "%s", #x))

static inline void check_equal(word got, word want, const char *what, const char *file, int line)
{
        if (got != want)
                test_fail(file, line, "%s is %lu (0x%lx), not %lu (0x%lx)", what, got, got, want, want);
}

#define CHECK_EQUAL(got, want) check_equal((word)(got), (word)(want), #got, __FILE__, __LINE__)
