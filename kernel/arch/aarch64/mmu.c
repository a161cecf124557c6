/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation: the user root, and forgetting translations.
 *
 * TTBR1 and the tables of the kernel half belong to the loader and never change.  The kernel itself uses no user
 * address, so a new root need not be synchronised before ERET does it; only where the old address space is about to
 * be taken apart the switch is waited for.  At EL2 users are translated by stage 2, whose root has its own register and
 * whose ASIDs are called VMIDs.
 */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"
#include "layout.h"

/* Physical address of a root without entries, and the bits of an ASID that the machine has; constant after boot. */
static word empty_root, asid_mask;

word arch_asid_bits(void)
{
        if (hypervisor_face())
                return 8;
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
        arch_tlb_drop_all();
}

/* Switch to the space of `asid` and back, for operations that work only on the current space. */
static word borrow_space(word asid)
{
        word before = read_register(vttbr_el2);

        write_register(vttbr_el2, asid_field(asid) | empty_root);
        isb();
        return before;
}

static void return_space(word space)
{
        write_register(vttbr_el2, space);
        isb();
}

/* Cached stage 1 entries may include the stage 2 translation, so all of the space's are invalidated too. */
static __attribute__((noinline)) void drop_page_of_stage2(word asid, word va)
{
        word before = borrow_space(asid);

        __asm__ volatile("dsb ishst\n tlbi ipas2e1is, %0\n dsb ish\n tlbi vmalle1is\n dsb ish"
                         :
                         : "r"(va >> 12 & ones(36))
                         : "memory");
        return_space(before);
}

static __attribute__((noinline)) void drop_space_of_stage2(word asid)
{
        word before = borrow_space(asid);

        __asm__ volatile("dsb ishst\n tlbi vmalls12e1is\n dsb ish" : : : "memory");
        return_space(before);
}

void arch_space_enter(word root_paddr, word asid)
{
        write_either(ttbr0_el1, vttbr_el2, asid_field(asid) | root_paddr);
}

void arch_space_write(word space)
{
        write_either(ttbr0_el1, vttbr_el2, space);
}

void arch_space_leave(void)
{
        write_either(ttbr0_el1, vttbr_el2, empty_root);
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
        if (hypervisor_face()) {
                drop_page_of_stage2(asid, va);
                return;
        }
        word operand = asid_field(asid) | (va >> 12 & ones(44));

        __asm__ volatile("dsb ishst\n tlbi vae1is, %0\n dsb ish" : : "r"(operand) : "memory");
}

void arch_tlb_drop_space(word asid)
{
        if (hypervisor_face()) {
                drop_space_of_stage2(asid);
                return;
        }
        __asm__ volatile("dsb ishst\n tlbi aside1is, %0\n dsb ish\n isb"
                         :
                         : "r"(asid_field(asid))
                         : "memory");
}

void arch_tlb_drop_all(void)
{
        __asm__ volatile("dsb ishst\n" EITHER("tlbi vmalle1is", "tlbi alle1is") "dsb ish\n isb"
                         :
                         :
                         : "memory");
}
