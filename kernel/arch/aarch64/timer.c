/* SPDX-License-Identifier: BSD-2-Clause */
/* Time: the virtual counter and its timer, or at EL2, where guests have those, the physical counter and the timer of EL2; the
 * timer is enabled at boot and told only when to fire. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"
#include "core/platform.h"

/* Exception entry synchronises, so the reading is not older than the entry. */
word arch_now(void)
{
        return read_either(cntvct_el0, cntpct_el0);
}

word arch_clock_hz(void)
{
        return platform.timer_hertz ? platform.timer_hertz : read_register(cntfrq_el0);
}

void arch_set_deadline(word ticks)
{
        write_either(cntv_cval_el0, cnthp_cval_el2, ticks);
}
