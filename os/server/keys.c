/* SPDX-License-Identifier: BSD-2-Clause */
/* See keys.h. */
#include "os/server/keys.h"
#include "os/core/console.h"
#include "os/device/serial.h"
#include "os/process/process.h"
#include "os/process/signals/signal.h"

enum { PRIORITY = 180 /* above all programs and drivers, below the servers */, SLICE_US = 10000 };

static int shown; /* the process that shows the state, if it is still there */

/* One at a time, as a line may send breaks without end; what it says is cut (dump -b). */
static void start_dump(void)
{
        struct sos_spawn dump = {.name = "dump",
                                 .program = "dump",
                                 .priority = PRIORITY,
                                 .budget_us = SLICE_US,
                                 .period_us = SLICE_US,
                                 .detached = true,
                                 .arguments = "-b",
                                 .argument_bytes = sizeof("-b")};

        if (shown > 0 && process_find(shown))
                return;
        console_print("\nbreak: the state of the system\n");
        shown = process_spawn(&dump, 0, false);
        if (shown < 0)
                console_print("break: the program dump cannot be started: out of memory or processes\n");
}

void keys_interrupted(void)
{
        console_raw(false);
        signal_key();
}

void keys_hear(void)
{
        console_hear();
        if (serial_had_break())
                start_dump();
}
