/* SPDX-License-Identifier: BSD-2-Clause */
/* Second of two translation units: the same calls again, and a structure result. */
#include "unit.h"

seL4_Word other_unit(seL4_Word slot)
{
        seL4_ARM_Page_GetAddress_t address = seL4_ARM_Page_GetAddress(slot);

        if (address.error || seL4_CNode_Delete(seL4_CapInitThreadCNode, slot, seL4_WordBits))
                return seL4_MappingFailedLookupLevel();
        return address.paddr;
}
