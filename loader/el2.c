/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to EL2, for an image with the hypervisor interface.
 *
 * The loader works at EL1 for every image.  For this one, leave_el2 (start.S) has put a gate behind HVC, through which the
 * kernel is entered at EL2 at the end; the gate is moved together with the loader.  The kernel image itself is the one for EL1:
 * its constants are adjusted, and the instructions that it lists are replaced (abi/handover.h).
 */
#include "loader/loader.h"

/* EL2: 40-bit addresses from TTBR0_EL2, walks inner shareable and write-back, the reserved bits one. */
#define TCR_EL2      (1ull << 31 | 1ull << 23 | 0x3500ull | 24)
#define TCR_PS_SHIFT 16
#define MAIR_EL2     0xaaff440c0400ull

extern unsigned char el2_gate[];
uint64_t el2_gate_call(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);

/* Before the memory that we ran in is overwritten. */
void el2_move_gate(void)
{
        for (uint64_t line = address_of(el2_gate); line < address_of(el2_gate) + 2048; line += 16)
                __asm__ volatile("dc civac, %0" ::"r"(line) : "memory");
        __asm__ volatile("dsb sy; ic iallu; dsb sy; isb" ::: "memory");
        el2_gate_call(0, address_of(el2_gate), 0, 0, 0);
}

/* A page as EL2 describes it: one bit for execution, and a bit for lower levels that must be one. */
uint64_t el2_leaf(uint64_t leaf)
{
        const uint64_t pxn = 1ull << 53, xn = 1ull << 54, lower = 1ull << 6;

        return (leaf & ~(pxn | xn)) | lower | (leaf & pxn ? xn : 0);
}

/* The gate runs on the kernel's map for a moment; the kernel removes it again. */
void el2_map_gate(struct space *space)
{
        uint64_t page = round_down(address_of(el2_gate), PAGE);

        map_segment(space, (struct handover_range){page, page + PAGE}, page, 5);
}

struct el2_controls el2_controls(void)
{
        uint64_t features, size;

        __asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
        size = (features & 15) < 5 ? features & 15 : 5;
        return (struct el2_controls){TCR_EL2 | size << TCR_PS_SHIFT, MAIR_EL2};
}

/* Enters the kernel through the gate. */
_Noreturn void el2_enter(const struct space *space, uint64_t entry, uint64_t handover)
{
        struct el2_controls c = el2_controls();

        __asm__ volatile("dsb sy" ::: "memory");
        el2_gate_call(space->root, entry, handover, c.tcr, c.mair);
        stop("EL2 cannot be entered");
}
