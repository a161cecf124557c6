/* SPDX-License-Identifier: BSD-2-Clause */
/* See refusals.h. */
#include "os/core/refusals.h"
#include "sel4/start.h"
#include "text/text.h"
#include <device/device.h>
#include <tessera/extensions.h>

enum { NAME = 48 };

static seL4_Word told;

bool refusals_known(void)
{
        return device_extensions(start_bootinfo()) & TESSERA_EXTENSION_REFUSALS;
}

bool refusals_tell(seL4_Word of)
{
        if (!refusals_known())
                return false;
        seL4_SetMR(0, of);
        if (seL4_MessageInfo_get_label(
                    seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(TESSERA_ReportRefusals, 0, 0, 1))) !=
            seL4_NoError)
                return false;
        told = of;
        return true;
}

seL4_Word refusals_told(void)
{
        return told;
}

/* The call exists only in the debug kernel, which is the one with this extension. */
void refusals_name(seL4_CPtr tcb, const char *name, int number)
{
        char text[NAME];

        if (refusals_known())
                seL4_DebugNameThread(tcb, text_print(text, sizeof(text), "%s[%d]", name, number));
}
