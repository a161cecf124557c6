/* SPDX-License-Identifier: BSD-2-Clause */
/* What one core does for another; nothing on a kernel for one core. */
#include "bench.h"

static void wait_for_ever(word n, word unused)
{
        word badge;

        (void)unused;
        for (;;)
                seL4_Wait(n, &badge);
}

/* A thread that waits there; the first signal with nobody waiting is one without a letter. */
TEST(signal_other_core, "")
{
        enum { PAUSE_US = 500, SLICE_US = 10000 };
        struct helper waiter;
        word n = new_notification();

        if (suite_boot->numNodes < 2)
                return;
        counting();
        partner(&waiter, PARTNER, 0, wait_for_ever, n, 0);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start + 1, waiter.sc, SLICE_US, SLICE_US,
                                            0, 0, 0));
        sleep_us(PAUSE_US);
        MEASURE_AFTER("signal-other-core", sleep_us(PAUSE_US), seL4_Signal(n));
        OK(seL4_TCB_Suspend(waiter.tcb));
        MEASURE("signal-other-core-nobody", seL4_Signal(n));
}
