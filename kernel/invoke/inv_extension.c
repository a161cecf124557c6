/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels beyond the public interface, on the IRQ control capability: whoever holds it owns the machine's lines, and
 * so may end it.  With the extension off, or firmware that refuses, the label is as unknown as any other. */
#include "arch/arch.h"
#include "core/state.h"
#include "invoke/invoke.h"
#include "tessera/extensions.h"

enum outcome invoke_extension(struct request *r)
{
        if (r->label == TESSERA_PowerOff && kernel.extensions & TESSERA_EXTENSION_POWER_OFF)
                arch_power_off(kernel.firmware_smc);
        return refuse_illegal(r);
}
