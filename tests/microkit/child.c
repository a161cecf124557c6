/* SPDX-License-Identifier: BSD-2-Clause */
/* A child: calls its parent, faults, and continues where it has asked to. */
#include <microkit.h>

enum { PARENT = 3 };

uintptr_t shared_base;

static void again(void)
{
        microkit_dbg_puts("child: again\n");
        microkit_notify(PARENT);
        for (seL4_Word badge;;)
                seL4_Wait(1, &badge);
}

void init(void)
{
        microkit_msginfo answer;

        microkit_mr_set(0, 41);
        answer = microkit_ppcall(PARENT, microkit_msginfo_new(77, 1));
        microkit_dbg_puts(microkit_msginfo_get_label(answer) == 78 && microkit_mr_get(0) == 42
                                  ? "child: ok answered\n"
                                  : "child: FAIL answered\n");
        *(volatile seL4_Word *)(shared_base + 8192) = (seL4_Word)again;
        *(volatile int *)0x123000 = 1;
}

void notified(microkit_channel ch)
{
        (void)ch;
}
