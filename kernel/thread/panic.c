/* SPDX-License-Identifier: BSD-2-Clause */
/* The end after a broken invariant: say what, where and for whom, then stop. */
#include "core/panic.h"
#include "arch/arch.h"
#include "core/log.h"
#include "core/state.h"
#include "thread/thread.h"

_Noreturn void panic(const char *what, const char *file, int line)
{
        const struct thread *t = this_core()->current;

        print("\nkernel panic: %s, %s:%d\n", what, file, line);
        if (t != NULL)
                print("thread %p %s pc %lx x0 %lx x1 %lx x7 %lx\n", (const void *)t,
                      DEBUG_BUILD ? t->name : "", t->context.pc, t->context.x[0], t->context.x[1],
                      t->context.x[7]);
        arch_halt();
}
