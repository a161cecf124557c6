/* SPDX-License-Identifier: BSD-2-Clause */
/* Assertions that are always checked.  A failed one calls __assert_fail, which the program (usually its C
 * library) supplies and which does not return.  Calls here use a name of their own for it, and where glibc's
 * headers are in reach, whose <assert.h> declares it with `unsigned`, its own name comes in C without a list of
 * parameters, which goes with either.  Programs for another machine, which only tests are,
 * stop at once instead. */
#pragma once

#include <sel4/macros.h>

#ifdef __aarch64__
#ifdef __cplusplus
extern "C" {
#endif
void seL4_AssertFail(const char *condition, const char *file, int line,
                     const char *function) __asm__("__assert_fail");
#if defined(__cplusplus) || !__has_include(<gnu/libc-version.h>)
void __assert_fail(const char *condition, const char *file, int line, const char *function);
#elif !defined(__STDC_VERSION__) || __STDC_VERSION__ <= 201710L
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
void __assert_fail();
#pragma GCC diagnostic pop
#endif
#ifdef __cplusplus
}
#endif
#define seL4_Fail(text) seL4_AssertFail(text, __FILE__, __LINE__, __func__)
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
