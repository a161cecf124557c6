/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may touch the FP registers.  EL1 always may (FPEN 01 traps only EL0), so saving never has to ask.  At EL2 one bit traps
 * all levels: saving and loading open them (el2.S). */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"

enum { FPEN_KERNEL = 1 << 20, FPEN_ALL = 3 << 20, CPTR_OPEN = 0x33ff, CPTR_TFP = 1 << 10 };

/* Called only when the owner changes.  No barrier: EL1 is allowed already, and for EL0 ERET synchronises. */
void arch_fpu_enable(bool on)
{
        if (hypervisor_face())
                write_register(cptr_el2, on ? CPTR_OPEN : CPTR_OPEN | CPTR_TFP);
        else
                write_register(cpacr_el1, on ? FPEN_ALL : FPEN_KERNEL);
}
