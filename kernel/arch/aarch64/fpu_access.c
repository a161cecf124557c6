/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may touch the FP registers.  EL1 always may (FPEN 01 traps only EL0), so saving never has to ask. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"

enum { FPEN_KERNEL = 1 << 20, FPEN_ALL = 3 << 20 };

/* Writing CPACR_EL1 is slow on real machines, reading it is not; ERET makes the change effective. */
void arch_fpu_enable(bool on)
{
        word wanted = on ? FPEN_ALL : FPEN_KERNEL;

        if (read_register(cpacr_el1) != wanted)
                write_register(cpacr_el1, wanted);
}
