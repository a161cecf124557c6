/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may touch the FP registers.  EL1 always may (FPEN 01 traps only EL0), so saving never has to ask. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"

enum { FPEN_KERNEL = 1 << 20, FPEN_ALL = 3 << 20 };

/* Called when it changes only.  No barrier: EL1 is allowed already, and for EL0 ERET synchronises. */
void arch_fpu_enable(bool on)
{
        write_register(cpacr_el1, on ? FPEN_ALL : FPEN_KERNEL);
}
