/* SPDX-License-Identifier: BSD-2-Clause */
/* The end after a kernel bug: an exception that was taken in the kernel (vectors.S). */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/offsets.h"
#include "arch/arch.h"
#include "console/log.h"

_Static_assert(sizeof(struct bug) == BUG_SIZE, "");

_Noreturn void arch_bug(word vector, const struct bug *b);

_Noreturn void arch_bug(word vector, const struct bug *b)
{
        print("\nkernel bug: exception %lu, syndrome %lx, address %lx, pc %lx, sp %lx\n", vector,
              read_either(esr_el1, esr_el2), read_either(far_el1, far_el2), read_either(elr_el1, elr_el2),
              b->sp);
        for (word i = 0; i < 31; i++)
                print("x%lu %lx%c", i, b->x[i], i % 4 == 3 ? '\n' : ' ');
        print("\nhalted\n");
        arch_halt();
}
