/* SPDX-License-Identifier: BSD-2-Clause */
/* What the compiler knows. */
#pragma once

#include <stddef.h>

#define CTZ(x)                 __builtin_ctz(x)
#define CTZL(x)                __builtin_ctzl(x)
#define CLZ(x)                 __builtin_clz(x)
#define CLZL(x)                __builtin_clzl(x)
#define FFS(x)                 __builtin_ffs(x)
#define FFSL(x)                __builtin_ffsl(x)
#define POPCOUNT(x)            __builtin_popcount(x)
#define POPCOUNTL(x)           __builtin_popcountl(x)
#define OFFSETOF(type, member) __builtin_offsetof(type, member)
#define BSWAP_WORD(x)          __builtin_bswap64(x)
#define UNREACHABLE()          __builtin_unreachable()
#ifndef likely
#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif
