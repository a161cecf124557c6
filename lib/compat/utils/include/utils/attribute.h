/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of functions, variables and types. */
#pragma once

#define ALIAS(s)                  __attribute__((alias(s)))
#define ALIGN(n)                  __attribute__((aligned(n)))
#define ALLOC_SIZE(args...)       __attribute__((alloc_size(args)))
#define ALLOC_ALIGN(a)            __attribute__((alloc_align(a)))
#define ASSUME_ALIGNED(args...)   __attribute__((assume_aligned(args)))
#define NO_INLINE                 __attribute__((noinline))
#define ALWAYS_INLINE             __attribute__((always_inline))
#define CLEANUP(f)                __attribute__((cleanup(f)))
#define COLD                      __attribute__((cold))
#define HOT                       __attribute__((hot))
#define CONSTRUCTOR(p)            __attribute__((constructor(p))) /* p from 101 to 65535 */
#define DEPRECATED(m)             __attribute__((deprecated(m)))
#define ERROR(m)                  __attribute__((error(m)))
#define WARNING(m)                __attribute__((warning(m)))
#define MALLOC                    __attribute__((malloc))
#define NONNULL(args...)          __attribute__((nonnull(args)))
#define NONNULL_ALL               __attribute__((nonnull))
#define RETURNS_NONNULL           __attribute__((returns_nonnull))
#define NORETURN                  __attribute__((noreturn))
#define PACKED                    __attribute__((packed))
#define FORMAT(kind, text, first) __attribute__((format(kind, text, first)))
#define SECTION(name)             __attribute__((section(name)))
#define SENTINEL(place)           __attribute__((sentinel(place)))
#define SENTINEL_LAST             __attribute__((sentinel))
#define UNUSED                    __attribute__((unused))
#define USED                      __attribute__((used))
#define VISIBLE                   __attribute__((externally_visible))
#define WARN_UNUSED_RESULT        __attribute__((warn_unused_result))
#define WEAK                      __attribute__((weak))
#define WEAK_ALIAS(target)        __attribute__((weak, alias(target)))
#ifndef PURE
#define PURE __attribute__((pure))
#endif
#ifndef CONST
#define CONST __attribute__((const))
#endif
