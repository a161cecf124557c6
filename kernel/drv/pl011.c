/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM PrimeCell PL011: output by polling; firmware has set the line parameters. */
#include "drv/drivers.h"

enum { DATA = 0x00, FLAGS = 0x18, FLAGS_FULL = 1 << 5 };

static word base; /* constant after boot */

static void put(char c)
{
        while (*register_at(base + FLAGS) & FLAGS_FULL)
                ;
        *register_at(base + DATA) = (uint8_t)c;
}

void pl011_probe(const struct handover_device *d)
{
        base = d->reg[0].start;
        platform.console = (struct console){.name = "pl011", .put = put};
}
