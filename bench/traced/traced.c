/* SPDX-License-Identifier: BSD-2-Clause */
/* The same paths while a trace runs: part of a program (mk/qemu.mk) whose measurements each start one. */
#include "bench.h"
#include <tessera/trace.h>

static word invoke(word label, word frame)
{
        if (frame)
                seL4_SetCap(0, frame);
        return seL4_MessageInfo_get_label(
                seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(label, 0, frame ? 1 : 0, 0)));
}

/* A page has room for few events, so that the measured ones overwrite older ones, as they do in a long trace. */
void on_counting(void)
{
        invoke(TESSERA_TraceStop, 0); /* that of the measurement before, if its frame is still there */
        OK(invoke(TESSERA_TraceStart, new_frame()));
}
