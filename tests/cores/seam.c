/* SPDX-License-Identifier: BSD-2-Clause */
/* What the compiler calls in place of atomic accesses of the files compiled with -fsanitize=thread (mk/host.mk): another core may run
 * before each of them.  So the kernel's source is explored unchanged.  Plain accesses in the same files are such points in local mode
 * only: others touch either what belongs to the core inside the kernel, or its own page.
 */
#include "arch/host/host_cores.h"
#include "tests/cores/machine.h"

uint32_t __tsan_atomic32_load(const volatile uint32_t *at, int order);
void __tsan_atomic32_store(volatile uint32_t *at, uint32_t value, int order);
uint32_t __tsan_atomic32_exchange(volatile uint32_t *at, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_add(volatile uint32_t *at, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_or(volatile uint32_t *at, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_and(volatile uint32_t *at, uint32_t value, int order);
uint64_t __tsan_atomic64_load(const volatile uint64_t *at, int order);
void __tsan_atomic64_store(volatile uint64_t *at, uint64_t value, int order);
int __tsan_atomic64_compare_exchange_strong(volatile uint64_t *at, uint64_t *expected, uint64_t value,
                                            int order, int otherwise);
void __tsan_atomic_thread_fence(int order);
void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);

uint32_t __tsan_atomic32_load(const volatile uint32_t *at, int order)
{
        (void)order;
        machine_point();
        return *at;
}

void __tsan_atomic32_store(volatile uint32_t *at, uint32_t value, int order)
{
        (void)order;
        machine_point();
        *at = value;
}

uint32_t __tsan_atomic32_exchange(volatile uint32_t *at, uint32_t value, int order)
{
        uint32_t old;

        (void)order;
        machine_point();
        old = *at;
        *at = value;
        return old;
}

static uint32_t change(volatile uint32_t *at, uint32_t keep, uint32_t add)
{
        uint32_t old;

        machine_point();
        old = *at;
        *at = (old & keep) + add;
        return old;
}

uint32_t __tsan_atomic32_fetch_add(volatile uint32_t *at, uint32_t value, int order)
{
        (void)order;
        return change(at, ~0u, value);
}

uint32_t __tsan_atomic32_fetch_or(volatile uint32_t *at, uint32_t value, int order)
{
        (void)order;
        return change(at, ~value, value);
}

uint32_t __tsan_atomic32_fetch_and(volatile uint32_t *at, uint32_t value, int order)
{
        (void)order;
        return change(at, value, 0);
}

uint64_t __tsan_atomic64_load(const volatile uint64_t *at, int order)
{
        (void)order;
        machine_point();
        return *at;
}

void __tsan_atomic64_store(volatile uint64_t *at, uint64_t value, int order)
{
        (void)order;
        machine_point();
        *at = value;
}

int __tsan_atomic64_compare_exchange_strong(volatile uint64_t *at, uint64_t *expected, uint64_t value,
                                            int order, int otherwise)
{
        (void)order, (void)otherwise;
        machine_point();
        if (*at != *expected) {
                *expected = *at;
                return 0;
        }
        *at = value;
        return 1;
}

void __tsan_atomic_thread_fence(int order)
{
        (void)order;
}

void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller)
{
        (void)caller;
}

void __tsan_func_exit(void)
{
}

#define PLAIN(what)                                                                                          \
        void __tsan_##what(void *at);                                                                        \
        void __tsan_##what(void *at)                                                                         \
        {                                                                                                    \
                if (at != (void *)&host_core && this_core()->local)                                          \
                        machine_point();                                                                     \
        }
PLAIN(read1)
PLAIN(read2)
PLAIN(read4)
PLAIN(read8)
PLAIN(read16)
PLAIN(write1)
PLAIN(write2)
PLAIN(write4)
PLAIN(write8)
PLAIN(write16)
