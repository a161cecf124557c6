/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains that end: WAY 0 overflows its stack, 1 uses floating point, 2 writes where it may only read, 3 is called without a
 * function for it, 4 never ends, 5 is told of deferred signals. */
#include <microkit.h>

uintptr_t readable = 1;

static __attribute__((noinline)) int deep(volatile int *n)
{
        volatile char frame[512];

        frame[0] = (char)*n;
        return deep(n) + frame[0];
}

void init(void)
{
        volatile int n = 1;

        if (WAY == 0)
                deep(&n);
        if (WAY == 1)
                __asm__ volatile("fmov d0, #1.0");
        if (WAY == 2)
                *(volatile int *)readable = *(volatile int *)readable;
        while (WAY == 4)
                n++;
}

void notified(microkit_channel ch)
{
        microkit_dbg_puts(microkit_name);
        microkit_dbg_puts(": notified by ");
        microkit_dbg_put8((seL4_Uint8)ch);
        microkit_dbg_puts("\n");
}
