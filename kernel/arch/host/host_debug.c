/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug registers of the simulated core: what was loaded last. */
#include "arch/arch.h"
#include "core/context.h"
#include "host.h"

static struct debug_state loaded;

word arch_watchpoints(void)
{
        return WATCHPOINTS;
}

void arch_debug_load(const struct debug_state *d)
{
        loaded = *d;
}

void arch_debug_unload(void)
{
        loaded = (struct debug_state){0};
}

const struct debug_state *host_debug_registers(void)
{
        return &loaded;
}
