/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache maintenance by kernel address.  Lines are those of CTR_EL0; every function is complete on return. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"

/* Bytes of the smallest data (shift 16) or instruction (shift 0) cache line. */
static word line_size(word shift)
{
        return (word)4 << (read_register(ctr_el0) >> shift & 15);
}

static void finish(void)
{
        __asm__ volatile("dsb sy" : : : "memory");
}

void arch_cache_clean(const void *start, word size)
{
        word line = line_size(16), end = (word)start + size;

        for (word p = (word)start & ~(line - 1); p < end; p += line)
                __asm__ volatile("dc cvac, %0" : : "r"(p) : "memory");
        finish();
}

void arch_cache_clean_invalidate(const void *start, word size)
{
        word line = line_size(16), end = (word)start + size;

        for (word p = (word)start & ~(line - 1); p < end; p += line)
                __asm__ volatile("dc civac, %0" : : "r"(p) : "memory");
        finish();
}

/* Cleaning before invalidating keeps what else is in a partial line.  Cleaning every line is allowed by the contract, and no stale line can
 * reappear. */
void arch_cache_invalidate(const void *start, word size)
{
        arch_cache_clean_invalidate(start, size);
}

/* Where instruction lines are found by virtual address, the kernel's own address does not reach them; then the whole instruction cache is
 * invalidated. */
static void drop_instructions(word start, word end)
{
        enum { CTR_L1IP_SHIFT = 14, L1IP_PHYSICAL = 3 };
        word line = line_size(0);

        if ((read_register(ctr_el0) >> CTR_L1IP_SHIFT & 3) != L1IP_PHYSICAL) {
                __asm__ volatile("ic ialluis" : : : "memory");
                return;
        }
        for (word p = start & ~(line - 1); p < end; p += line)
                __asm__ volatile("ic ivau, %0" : : "r"(p) : "memory");
}

void arch_cache_unify(const void *start, word size)
{
        word line = line_size(16), end = (word)start + size;

        for (word p = (word)start & ~(line - 1); p < end; p += line)
                __asm__ volatile("dc cvau, %0" : : "r"(p) : "memory");
        __asm__ volatile("dsb ish" : : : "memory");
        drop_instructions((word)start, end);
        __asm__ volatile("dsb ish" : : : "memory");
        isb();
}
