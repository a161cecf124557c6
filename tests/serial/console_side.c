/* SPDX-License-Identifier: BSD-2-Clause */
/* The console above it, likewise. */
#include "os/core/console.c"
#include "tests/serial/machine.h"

void console_side_anew(void)
{
        memset(&console, 0, sizeof(console));
}
