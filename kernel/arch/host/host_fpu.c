/* SPDX-License-Identifier: BSD-2-Clause */
/* The FPU: one set of registers, open or closed to user level. */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "core/context.h"

static struct {
        struct fpu registers;
        bool on;
} fpu;

void arch_fpu_save(struct fpu *f)
{
        *f = fpu.registers;
}

struct context *arch_fpu_load(struct context *c, const struct fpu *to)
{
        fpu.registers = *to;
        return c;
}

struct context *arch_fpu_exchange(struct context *c, const struct fpu *to, struct fpu *from)
{
        arch_fpu_save(from);
        return arch_fpu_load(c, to);
}

void arch_fpu_enable(bool on)
{
        fpu.on = on;
}

struct fpu *host_fpu(void)
{
        return &fpu.registers;
}

bool host_fpu_is_on(void)
{
        return fpu.on;
}
