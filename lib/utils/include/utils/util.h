/* SPDX-License-Identifier: BSD-2-Clause */
/* The small change of systems code: bits, rounding, attributes, barriers, raw registers, log lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <utils/gen_config.h>
#include <utils/zf_log.h>

/* --- numbers --- */

#ifndef BIT
#define BIT(n) (1ul << (n))
#endif
#define LLBIT(n) (1ull << (n))
#ifndef MASK
#define MASK(n) (~0ul >> (64 - (n))) /* the n lowest bits, 1 <= n <= 64 */
#endif
#define IS_ALIGNED(n, bits)  (((n) & (BIT(bits) - 1)) == 0)
#define ALIGN_UP(n, align)   (((n) + (align)-1) & ~((__typeof__(n))(align)-1)) /* to a power of two */
#define ALIGN_DOWN(n, align) ((n) & ~((__typeof__(n))(align)-1))
#define ROUND_UP(n, step)    ((((n) + (step)-1) / (step)) * (step))
#define ROUND_DOWN(n, step)  (((n) / (step)) * (step))
#define DIV_ROUND_UP(n, d)   (((n) + (d)-1) / (d))
#define MIN(a, b)                                                                                            \
        __extension__({                                                                                      \
                __typeof__(a) min_a_ = (a);                                                                  \
                __typeof__(b) min_b_ = (b);                                                                  \
                min_a_ < min_b_ ? min_a_ : min_b_;                                                           \
        })
#define MAX(a, b)                                                                                            \
        __extension__({                                                                                      \
                __typeof__(a) max_a_ = (a);                                                                  \
                __typeof__(b) max_b_ = (b);                                                                  \
                max_a_ > max_b_ ? max_a_ : max_b_;                                                           \
        })
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define IS_POWER_OF_2(n)  ((n) != 0 && ((n) & ((n)-1)) == 0)
#define LOG_BASE_2(n)     (63 - CLZL((unsigned long)(n))) /* rounded down; n > 0 */
#define CTZ(x)            __builtin_ctz(x)
#define CTZL(x)           __builtin_ctzl(x)
#define CLZ(x)            __builtin_clz(x)
#define CLZL(x)           __builtin_clzl(x)
#define FFS(x)            __builtin_ffs(x)
#define FFSL(x)           __builtin_ffsl(x)
#define POPCOUNT(x)       __builtin_popcount(x)
#define POPCOUNTL(x)      __builtin_popcountl(x)

/* --- pages of 4 KiB --- */

#define PAGE_BITS_4K           12
#define PAGE_SIZE_4K           BIT(PAGE_BITS_4K)
#define PAGE_MASK_4K           (~(PAGE_SIZE_4K - 1))
#define PAGE_ALIGN_4K(address) ((address)&PAGE_MASK_4K) /* rounds down */
#define IS_ALIGNED_4K(address) IS_ALIGNED(address, PAGE_BITS_4K)
#define BYTES_TO_4K_PAGES(b)   DIV_ROUND_UP((b), PAGE_SIZE_4K)
#define BYTES_TO_SIZE_BITS(b)  LOG_BASE_2(b)
#define SIZE_BITS_TO_BYTES(n)  BIT(n)

/* --- attributes --- */

#define UNUSED             __attribute__((unused))
#define PACKED             __attribute__((packed))
#define ALIGN(n)           __attribute__((aligned(n)))
#define NORETURN           __attribute__((noreturn))
#define WEAK               __attribute__((weak))
#define SECTION(name)      __attribute__((section(name)))
#define VISIBLE            __attribute__((externally_visible))
#define NONNULL(args...)   __attribute__((nonnull(args)))
#define WARN_UNUSED_RESULT __attribute__((warn_unused_result))
#define UNREACHABLE()      __builtin_unreachable()
#ifndef likely
#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

/* --- order of memory accesses: for the compiler alone, and between threads --- */

#define COMPILER_MEMORY_FENCE()   __atomic_signal_fence(__ATOMIC_ACQ_REL)
#define COMPILER_MEMORY_ACQUIRE() __atomic_signal_fence(__ATOMIC_ACQUIRE)
#define COMPILER_MEMORY_RELEASE() __atomic_signal_fence(__ATOMIC_RELEASE)
#define THREAD_MEMORY_FENCE()     __atomic_thread_fence(__ATOMIC_ACQ_REL)
#define THREAD_MEMORY_ACQUIRE()   __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define THREAD_MEMORY_RELEASE()   __atomic_thread_fence(__ATOMIC_RELEASE)

/* --- registers of devices: one access of this width --- */

#define RAW_READ8(address)          (*(volatile uint8_t *)(address))
#define RAW_READ16(address)         (*(volatile uint16_t *)(address))
#define RAW_READ32(address)         (*(volatile uint32_t *)(address))
#define RAW_WRITE8(value, address)  ((void)(*(volatile uint8_t *)(address) = (uint8_t)(value)))
#define RAW_WRITE16(value, address) ((void)(*(volatile uint16_t *)(address) = (uint16_t)(value)))
#define RAW_WRITE32(value, address) ((void)(*(volatile uint32_t *)(address) = (uint32_t)(value)))

#define compile_time_assert(name, expression) _Static_assert(expression, #name)

/* --- time --- */

#define MS_IN_S  1000ull
#define US_IN_MS 1000ull
#define US_IN_S  1000000ull
#define NS_IN_US 1000ull
#define NS_IN_MS 1000000ull
#define NS_IN_S  1000000000ull

/* Call fn(arg) on the stack that ends at `stack_top` (16-byte aligned) and return its result on the present one. */
void *utils_run_on_stack(void *stack_top, void *(*fn)(void *), void *arg);
