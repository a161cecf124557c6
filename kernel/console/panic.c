/* SPDX-License-Identifier: BSD-2-Clause */
/* The end after a broken invariant: say what, where and for whom, then stop. */
#include "core/panic.h"
#include "arch/arch.h"
#include "console/log.h"
#include "core/context.h"
#include "core/state.h"

_Noreturn void panic(const char *what, const char *file, int line)
{
        const struct context *c = (const struct context *)this_core()->current;

        print("\nkernel panic: %s, %s:%d\n", what, file, line);
        if (c != NULL)
                print("thread %p %s pc %lx x0 %lx x1 %lx x7 %lx\n", (const void *)c,
                      DEBUG_BUILD ? (const char *)c + THREAD_NAME_OFFSET : "", c->pc, c->x[0], c->x[1],
                      c->x[7]);
        arch_halt();
}
