/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes and small compile-time helpers of the API's headers.  Usable from assembly (then it is empty but
 * for LIBSEL4_BIT). */
#pragma once

#include <sel4/config.h>

#ifdef __ASSEMBLER__
#define LIBSEL4_BIT(n) (1 << (n))
#else
#define LIBSEL4_BIT(n) (1ul << (n))

#ifndef CONST
#define CONST __attribute__((__const__)) /* the result depends on the arguments alone */
#endif
#ifndef PURE
#define PURE __attribute__((__pure__)) /* reads memory, changes nothing */
#endif

#define SEL4_PACKED             __attribute__((packed))
#define SEL4_DEPRECATED(x)      __attribute__((deprecated(x)))

/* Marks the replacement text of a macro that only old code uses.  Neither compiler can warn at the use of a
 * macro without also breaking expressions that contain it, so this is a mark for the reader. */
#define SEL4_DEPRECATE_MACRO(x) x

#define LIBSEL4_UNUSED      __attribute__((unused))
#define LIBSEL4_WEAK        __attribute__((weak))
#define LIBSEL4_NOINLINE    __attribute__((noinline))

/* Wrappers of system calls are always inline; invocation stubs can be shared weak functions instead. */
#define LIBSEL4_INLINE_FUNC static inline
#ifdef CONFIG_LIB_SEL4_INLINE_INVOCATIONS
#define LIBSEL4_INLINE LIBSEL4_INLINE_FUNC
#else
#define LIBSEL4_INLINE LIBSEL4_NOINLINE LIBSEL4_UNUSED LIBSEL4_WEAK
#endif

#ifdef CONFIG_LIB_SEL4_USE_THREAD_LOCALS
#define LIBSEL4_THREAD_LOCAL __thread
#else
#define LIBSEL4_THREAD_LOCAL
#endif

/* Fails to compile when `expr` is false.  An array type, because C99 has no static assertion. */
#define SEL4_COMPILE_ASSERT(name, expr)                                                                      \
        typedef int sel4_compile_assert_##name[(expr) ? 1 : -1] LIBSEL4_UNUSED;

/* A table of 2^index entries of 2^entry bytes has 2^size bytes. */
#define SEL4_SIZE_SANITY(index, entry, size)                                                                 \
        SEL4_COMPILE_ASSERT(index##_##entry##_##size, (index) + (entry) == (size))

/* Last enumerator of an enumeration that crosses the kernel boundary: makes it as wide as `long`. */
#define SEL4_FORCE_LONG_ENUM(type) _enum_pad_##type = 0x7fffffffffffffffl

#endif /* __ASSEMBLER__ */
