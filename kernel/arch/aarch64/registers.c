/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers that user level could see, or that firmware may have left in any state: set once at boot
 * (docs/registers.md has the whole list with reasons).  Registers of an extension are written only where the ID register
 * says that it exists. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"
#include "handover.h"

enum { MDSCR_TDCC = 1 << 12, PMCCFILTR_EL2 = 1 << 27 /* count the kernel there, as at EL1 */ };

#define AMUSERENR "s3_3_c13_c2_3"
#define PMSCR     "s3_0_c9_c9_0"
#define TRBLIMITR "s3_0_c9_c11_0"
#define TRFCR     "s3_0_c1_c2_1"
#define BRBCR     "s2_1_c9_c0_0"
#define SCTLR2    "s3_0_c1_c0_3"
#define TCR2      "s3_0_c2_c0_3"
#define MMFR3     "s3_0_c0_c7_3"

#define write_encoded(name, value) __asm__ volatile("msr " name ", %0" : : "r"((word)(value)) : "memory")

/* A field of four bits of an ID register. */
static bool has(word id, unsigned at)
{
        return id >> at & 15;
}

void counters_start(word exports)
{
        bool open = exports & HANDOVER_EXPORT_PMU;
        word pmu = read_register(id_aa64dfr0_el1) >> 8 & 15;

        if (pmu == 0 || pmu == 15)
                return;
        write_register(pmuserenr_el0, open ? 1 : 0);
        write_register(pmintenclr_el1, 0xffffffff);
        write_register(pmcntenclr_el0, 0x7fffffff);
        write_register(pmovsclr_el0, 0xffffffff);
        write_register(pmselr_el0, 0);
        write_register(pmccfiltr_el0, hypervisor_face() ? PMCCFILTR_EL2 : 0);
        write_register(pmcntenset_el0, (word)1 << 31);
        write_register(pmcr_el0, open ? 1 << 6 | 7 : 0);
}

/* Profiling, tracing and debugging: none of it for user level, and nothing that firmware started goes on. */
static void start_debug(void)
{
        word dfr0 = read_register(id_aa64dfr0_el1);

        write_register(mdscr_el1, MDSCR_TDCC);
        write_register(mdccint_el1, 0);
        write_register(contextidr_el1, 0);
        if (has(dfr0, 32))
                write_encoded(PMSCR, 0);
        if (has(dfr0, 40))
                write_encoded(TRFCR, 0);
        if (has(dfr0, 44))
                write_encoded(TRBLIMITR, 0);
        if (has(dfr0, 52))
                write_encoded(BRBCR, 0);
        if (has(read_register(id_aa64pfr0_el1), 44))
                write_encoded(AMUSERENR, 0);
}

/* Second control registers of later architectures: all their bits mean something new, so all are off. */
static void start_later_controls(void)
{
        word mmfr3;

        __asm__("mrs %0, " MMFR3 : "=r"(mmfr3));
        if (has(mmfr3, 0))
                write_encoded(TCR2, 0);
        if (has(mmfr3, 4))
                write_encoded(SCTLR2, 0);
}

void registers_start(word exports)
{
        write_register(cntkctl_el1,
                       exports & (HANDOVER_EXPORT_PCNT | HANDOVER_EXPORT_VCNT | HANDOVER_EXPORT_PTMR));
        write_register(cntp_ctl_el0, 0);
        counters_start(exports);
        start_debug();
        start_later_controls();
}
