/* SPDX-License-Identifier: BSD-2-Clause */
/* See stepping.h. */
#include <caps/stepping.h>

bool core_debug(seL4_CPtr tcb, bool step, const struct core_watch watch[TESSERA_WATCHPOINTS])
{
        int length = 1;

        seL4_SetMR(0, step ? TESSERA_DEBUG_STEP : 0);
        for (int i = 0; i < TESSERA_WATCHPOINTS; i++) {
                seL4_SetMR(1 + 2 * i, watch[i].address);
                seL4_SetMR(2 + 2 * i, watch[i].control);
                if (watch[i].control)
                        length = 3 + 2 * i;
        }
        return !seL4_MessageInfo_get_label(
                seL4_Call(tcb, seL4_MessageInfo_new(TESSERA_TCBSetDebug, 0, 0, (seL4_Word)length)));
}
