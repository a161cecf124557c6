/* SPDX-License-Identifier: BSD-2-Clause */
/* The FPU: one set of registers on each core, open or closed to user level. */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "core/context.h"
#include "core/state.h"

static struct machine_fpu {
        struct fpu registers;
        bool on;
} fpus[CORES_MAX];

static struct machine_fpu *own(void)
{
        return &fpus[this_core()->number];
}

void arch_fpu_save(struct fpu *f)
{
        *f = own()->registers;
}

struct context *arch_fpu_load(struct context *c, const struct fpu *to)
{
        own()->registers = *to;
        return c;
}

struct context *arch_fpu_exchange(struct context *c, const struct fpu *to, struct fpu *from)
{
        arch_fpu_save(from);
        return arch_fpu_load(c, to);
}

void arch_fpu_enable(bool on)
{
        own()->on = on;
}

struct fpu *host_fpu(void)
{
        return &own()->registers;
}

bool host_fpu_is_on(void)
{
        return own()->on;
}
