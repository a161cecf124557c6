/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation: the user root, and forgetting translations.
 *
 * TTBR1 and the tables of the kernel half belong to the loader and never change.  The kernel itself uses no user
 * address, so a new root need not be synchronised before ERET does it; only where the old address space is about to
 * be taken apart the switch is waited for.
 */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"
#include "layout.h"

/* Physical address of a root without entries; constant after boot. */
static word empty_root;

void arch_mmu_start(word root)
{
        empty_root = root;
        arch_space_leave();
        __asm__ volatile("dsb ishst\n tlbi vmalle1is\n dsb ish\n isb" : : : "memory");
}

void arch_space_enter(word root_paddr, word asid)
{
        write_register(ttbr0_el1, asid << 48 | root_paddr);
}

void arch_space_leave(void)
{
        write_register(ttbr0_el1, empty_root);
        isb();
}

void arch_table_written(void)
{
        __asm__ volatile("dsb ishst" : : : "memory");
}

void arch_tlb_drop_page(word asid, word va)
{
        word operand = asid << 48 | (va >> 12 & ones(44));

        __asm__ volatile("dsb ishst\n tlbi vae1is, %0\n dsb ish\n isb" : : "r"(operand) : "memory");
}

void arch_tlb_drop_space(word asid)
{
        __asm__ volatile("dsb ishst\n tlbi aside1is, %0\n dsb ish\n isb" : : "r"(asid << 48) : "memory");
}
