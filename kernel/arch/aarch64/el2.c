/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor at EL2: what is set once at boot (spec el2.md 5.1, 13).
 *
 * Invariant: a native thread runs with TGE, so that all its exceptions come to the kernel and its addresses are translated by
 * stage 2 alone; then the only EL1 registers that matter to it are the few written here.
 */
#include "arch/aarch64/el2.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/offsets.h"
#include "arch/arch.h"
#include "core/guest.h"
#include "core/state.h"
#include "handover.h"
#include "layout.h"

extern const char arch_vectors[];

/* As on EL1 (cpu.c): indices 0 to 5. */
static const word MAIR_EL2 = 0x0000aaff440c0400;

/* M, C, SA, I, and the bits reserved as one. */
enum { SCTLR_EL2 = 0x30c50830 | 1 << 12 | 1 << 3 | 1 << 2 | 1 };

/* VM, SWIO, FMO, IMO, AMO, DC, TSC, TACR, TTLB, TVM, TGE, RW */
static const word HCR_NATIVE = 0x8e28103b;

/* MMU off; EL0 may use DC CVA*, IC IVAU, CTR_EL0, WFI and WFE. */
static const word SCTLR_EL1_NATIVE = 0x34d59824;

/* 4 KiB granule, inner shareable and write-back walks; VMIDs of 8 bits. */
static const word VTCR_40 = 0x80023558, VTCR_44 = 0x80043594;

enum { MDSCR_TDCC = 1 << 12 };

_Static_assert(offsetof(struct kernel, core[0].guest) == KERNEL_GUEST, "");
_Static_assert(THREAD_VCPU_AT == THREAD_VCPU, "");

static void start_timer(word exports)
{
        write_register(cnthctl_el2,
                       (exports & HANDOVER_EXPORT_PCNT ? 1 : 0) | (exports & HANDOVER_EXPORT_PTMR ? 2 : 0));
        write_register(cntvoff_el2, 0);
        write_register(cntv_ctl_el0, 0);
        write_register(cnthp_cval_el2, ~(word)0);
        write_register(cnthp_ctl_el2, 1);
}

/* Constant after boot: MDCR_EL2 as the loader left it, and what the image exports. */
static word mdcr, exported;

word el2_debug_control(void)
{
        return mdcr;
}

void el2_native(bool counters)
{
        write_register(hcr_el2, HCR_NATIVE);
        write_register(sctlr_el1, SCTLR_EL1_NATIVE);
        write_register(cpacr_el1, 3 << 20);
        write_register(cntkctl_el1,
                       exported & (HANDOVER_EXPORT_PCNT | HANDOVER_EXPORT_VCNT | HANDOVER_EXPORT_PTMR));
        write_register(cntv_ctl_el0, 0);
        write_register(mdcr_el2, mdcr);
        write_register(mdscr_el1, MDSCR_TDCC);
        if (counters)
                counters_start(exported);
}

void el2_start(word exports, word empty_root)
{
        word *loader_map = window(read_register(ttbr0_el2) & ones(48) & ~(word)1);

        loader_map[0] = 0; /* the loader's page, which is given to users */
        write_register(vbar_el2, arch_vectors);
        write_register(mair_el2, MAIR_EL2);
        write_register(sctlr_el2, SCTLR_EL2);
        write_register(sctlr_el1, SCTLR_EL1_NATIVE);
        write_register(cpacr_el1, 3 << 20);
        write_register(hstr_el2, 0);
        write_register(hcr_el2, HCR_NATIVE);
        write_register(vtcr_el2, kernel.hypervisor == 44 ? VTCR_44 : VTCR_40);
        exported = exports;
        mdcr = read_register(mdcr_el2);
        registers_start(exports);
        start_timer(exports);
        arch_fpu_enable(false);
        isb();
        __asm__ volatile("tlbi alle2is\n dsb ish\n isb" : : : "memory");
        arch_mmu_start(empty_root);
}
