/* SPDX-License-Identifier: BSD-2-Clause */
/* Time: the virtual counter and its timer, which is enabled at boot and told only when to fire. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"
#include "core/platform.h"

/* Exception entry synchronises, so the reading is not older than the entry. */
word arch_now(void)
{
        return read_register(cntvct_el0);
}

word arch_clock_hz(void)
{
        return platform.timer_hertz ? platform.timer_hertz : read_register(cntfrq_el0);
}

void arch_set_deadline(word ticks)
{
        write_register(cntv_cval_el0, ticks);
}
