/* SPDX-License-Identifier: BSD-2-Clause */
/* The server's half of the line, which begins anew for each test. */
#include "os/device/serial.c"
#include "tests/serial/machine.h"

void line_side_anew(void)
{
        memset(&serial, 0, sizeof(serial));
        patience_begins(&patience);
}
