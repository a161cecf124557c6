/* SPDX-License-Identifier: BSD-2-Clause */
/* Single step and watchpoints of user level (thread/debugged.h).  MDSCR_EL1 decides whether anything of them has an effect; it is what
 * it was at boot (registers.c) while nobody is debugged.  User level can read none of these registers. */
#include "arch/aarch64/cpu.h"
#include "arch/arch.h"
#include "core/context.h"

enum { MDSCR_STEP = 1, MDSCR_TDCC = 1 << 12, MDSCR_MONITOR = 1 << 15 };

word arch_watchpoints(void)
{
        return (read_register(id_aa64dfr0_el1) >> 20 & 15) + 1;
}

/* There are at least two; those that the core has not stay untouched. */
static void load_watchpoints(const struct debug_state *d, word count)
{
        write_register(dbgwvr0_el1, d->watch[0].address);
        write_register(dbgwcr0_el1, d->watch[0].control);
        write_register(dbgwvr1_el1, d->watch[1].address);
        write_register(dbgwcr1_el1, d->watch[1].control);
        if (count > 2) {
                write_register(dbgwvr2_el1, d->watch[2].address);
                write_register(dbgwcr2_el1, d->watch[2].control);
        }
        if (count > 3) {
                write_register(dbgwvr3_el1, d->watch[3].address);
                write_register(dbgwcr3_el1, d->watch[3].control);
        }
}

/* The OS locks, which are on after a reset, keep debug exceptions away.  The return to user level synchronizes all of it. */
void arch_debug_load(const struct debug_state *d)
{
        write_register(oslar_el1, 0);
        write_register(osdlr_el1, 0);
        isb();
        load_watchpoints(d, arch_watchpoints());
        write_register(mdscr_el1, MDSCR_TDCC | MDSCR_MONITOR | (d->step != STEP_OFF ? MDSCR_STEP : 0));
}

void arch_debug_unload(void)
{
        write_register(mdscr_el1, MDSCR_TDCC);
}
