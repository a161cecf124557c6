/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of frames, tables and address spaces, by the calls of the public API. */
#include "bench.h"

enum { PAGE = 1 << seL4_PageBits, TABLE = PAGE << 9 };
#define CACHED seL4_ARM_Default_VMAttributes

TEST(pages, "")
{
        word frames = new_slots(ROUNDS), at = new_page_address(), mapped = new_frame();

        counting();
        OK(map_at(mapped, at, seL4_AllRights, CACHED));
        OK(seL4_Untyped_Retype(test_untyped(), seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, frames, ROUNDS));
        at += PAGE;
        INVOKE("page-map",
               seL4_ARM_Page_Map(frames + round, VSPACE, at + PAGE * round, seL4_AllRights, CACHED));
        INVOKE("page-protect",
               seL4_ARM_Page_Map(frames + round, VSPACE, at + PAGE * round, seL4_CanRead, CACHED));
        INVOKE("page-get-address", seL4_ARM_Page_GetAddress(frames + round).error);
        INVOKE("page-clean-line", seL4_ARM_Page_Clean_Data(frames + round, 0, 64));
        INVOKE("page-unmap", seL4_ARM_Page_Unmap(frames + round));
}

TEST(tables, "")
{
        word tables = new_slots(ROUNDS), region = new_page_address();

        counting();
        OK(map_at(new_frame(), region, seL4_AllRights, CACHED));
        region = (region & ~(TABLE - 1ul)) + TABLE;
        OK(seL4_Untyped_Retype(test_untyped(), seL4_ARM_PageTableObject, 0, ROOT, 0, 0, tables, ROUNDS));
        INVOKE("table-map", seL4_ARM_PageTable_Map(tables + round, VSPACE, region + TABLE * round, CACHED));
        INVOKE("table-unmap", seL4_ARM_PageTable_Unmap(tables + round));
}

TEST(spaces, "")
{
        word spaces = new_slots(ROUNDS);

        counting();
        OK(seL4_Untyped_Retype(test_untyped(), seL4_ARM_VSpaceObject, 0, ROOT, 0, 0, spaces, ROUNDS));
        INVOKE("asid-pool-assign", seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, spaces + round));
        INVOKE("vspace-delete", seL4_CNode_Delete(AT(spaces + round)));
}
