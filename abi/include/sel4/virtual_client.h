/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that are built from other calls. */
#pragma once

#include <interfaces/sel4_client.h>
#include <sel4/constants.h>
#include <sel4/types.h>

/* seL4_SchedControl_ConfigureFlags without flags; errors and cost are those.
 *
 *      seL4_SchedControl_Configure(bootinfo->schedcontrol.start, sc, 2000, 10000, 0, 0); */
LIBSEL4_INLINE_FUNC seL4_Error seL4_SchedControl_Configure(seL4_SchedControl _service,
                                                           seL4_SchedContext schedcontext, seL4_Time budget,
                                                           seL4_Time period, seL4_Word extra_refills,
                                                           seL4_Word badge)
{
        return seL4_SchedControl_ConfigureFlags(_service, schedcontext, budget, period, extra_refills, badge,
                                                seL4_SchedContext_NoFlag);
}
