/* SPDX-License-Identifier: BSD-2-Clause */
/* After seL4_ARM_Page_Map has answered seL4_FailedLookup: which table is missing.
 *
 *      while ((error = seL4_ARM_Page_Map(frame, vspace, va, rights, attributes)) == seL4_FailedLookup
 *             && seL4_MappingFailedLookupLevel() >= SEL4_MAPPING_LOOKUP_NO_PT)
 *              seL4_ARM_PageTable_Map(fresh_table(), vspace, va, attributes); */
#pragma once

#include <sel4/functions.h>

#define SEL4_MAPPING_LOOKUP_LEVEL  2  /* message register that holds the level */
#define SEL4_MAPPING_LOOKUP_NO_PT  21 /* the last table (2 MiB) */
#define SEL4_MAPPING_LOOKUP_NO_PD  30 /* the one above (1 GiB) */
#define SEL4_MAPPING_LOOKUP_NO_PUD 39 /* the one above that (512 GiB) */

/* log2 of the range that one entry covers at the level where the walk stopped. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_MappingFailedLookupLevel(void)
{
        return seL4_GetMR(SEL4_MAPPING_LOOKUP_LEVEL);
}
