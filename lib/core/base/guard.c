/* SPDX-License-Identifier: BSD-2-Clause */
/* What code that was compiled with stack protection (Debian's libfdt) wants to be linked with.  A program that brings its
 * own keeps it. */
#include <stdint.h>

extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);

__attribute__((weak)) uintptr_t __stack_chk_guard = 0x2d6c6f6f6b2d0a00u;

__attribute__((weak)) void __stack_chk_fail(void)
{
        __builtin_trap();
}
