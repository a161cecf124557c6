/* SPDX-License-Identifier: BSD-2-Clause */
/* Assertions that are always checked.  A failed one calls __assert_fail, which the program (usually its C
 * library) supplies and which does not return.  Programs for another machine, which only tests are, stop at
 * once instead: their C library has ideas of its own about that function's type. */
#pragma once

#include <sel4/macros.h>

#ifdef __aarch64__
#ifdef __cplusplus
extern "C" {
#endif
void __assert_fail(const char *condition, const char *file, int line, const char *function);
#ifdef __cplusplus
}
#endif
#define seL4_Fail(text) __assert_fail(text, __FILE__, __LINE__, __func__)
#else
#define seL4_Fail(text) __builtin_trap()
#endif

#define seL4_Assert(condition) ((condition) ? (void)0 : seL4_Fail(#condition))

#ifdef __cplusplus
#define seL4_CompileTimeAssert(condition) static_assert(condition, #condition)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define seL4_CompileTimeAssert(condition) _Static_assert(condition, #condition)
#else
#define seL4_CompileTimeAssert(condition) ((void)sizeof(char[(condition) ? 1 : -1]))
#endif
