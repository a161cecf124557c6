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

/* Physical address of a root without entries, and the bits of an ASID that the machine has; constant after boot. */
static word empty_root, asid_mask;

word arch_asid_bits(void)
{
        return (read_register(id_aa64mmfr0_el1) >> 4 & 15) == 2 ? 16 : 8;
}

/* An ASID as registers and operations want it; bits that the machine does not have must be zero. */
static word asid_field(word asid)
{
        return (asid & asid_mask) << 48;
}

void arch_mmu_start(word root)
{
        empty_root = root;
        asid_mask = ones(arch_asid_bits());
        arch_space_leave();
        __asm__ volatile("dsb ishst\n tlbi vmalle1is\n dsb ish\n isb" : : : "memory");
}

void arch_space_enter(word root_paddr, word asid)
{
        write_register(ttbr0_el1, asid_field(asid) | root_paddr);
}

void arch_space_write(word space)
{
        write_register(ttbr0_el1, space);
}

void arch_space_leave(void)
{
        write_register(ttbr0_el1, empty_root);
        isb();
}

/* The walker sees the stores before it.  No ISB, for the same reason as below. */
void arch_table_written(void)
{
        __asm__ volatile("dsb ishst" : : : "memory");
}

/* DSB before: the walker sees the new entry, so it cannot find the old one again.  DSB after: the old one is gone on all
 * cores.  No ISB: EL1 uses no user address, and for EL0 ERET synchronises. */
void arch_tlb_drop_page(word asid, word va)
{
        word operand = asid_field(asid) | (va >> 12 & ones(44));

        __asm__ volatile("dsb ishst\n tlbi vae1is, %0\n dsb ish" : : "r"(operand) : "memory");
}

void arch_tlb_drop_space(word asid)
{
        __asm__ volatile("dsb ishst\n tlbi aside1is, %0\n dsb ish\n isb"
                         :
                         : "r"(asid_field(asid))
                         : "memory");
}

void arch_tlb_drop_all(void)
{
        __asm__ volatile("dsb ishst\n tlbi vmalle1is\n dsb ish\n isb" : : : "memory");
}
