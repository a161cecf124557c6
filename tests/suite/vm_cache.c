/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache invocations: checks and, as far as an emulator shows them, effects (vspace.md 7.4, 8, 10). */
#include "vm_common.h"

TEST(vm_frame_range, "VM-35")
{
        word frame = new_frame(), space = new_space();

        REFUSED(seL4_ARM_Page_Clean_Data(frame, 5, 1), seL4_IllegalOperation);
        tables_at(space, 0, TABLES);
        OK(page_map(frame, space, 0));
        REFUSED_1(seL4_ARM_Page_Clean_Data(frame, 8, 8), seL4_InvalidArgument, 1);
        REFUSED_1(seL4_ARM_Page_Clean_Data(frame, 9, 8), seL4_InvalidArgument, 1);
        REFUSED_1(seL4_ARM_Page_Clean_Data(frame, 0, PAGE + 1), seL4_InvalidArgument, 0);
        REFUSED_1(seL4_ARM_Page_Clean_Data(frame, PAGE, PAGE + 8), seL4_InvalidArgument, 0);
        OK(seL4_ARM_Page_Clean_Data(frame, 0, PAGE));
        OK(seL4_ARM_Page_Clean_Data(frame, PAGE - 1, PAGE));
}

TEST(vm_invalidate_needs_write, "VM-36")
{
        word space = new_space(), frame = new_frame(), at = 0x3000;
        seL4_CapRights_t rights[] = {seL4_CanRead, seL4_NoRights};

        tables_at(space, at, TABLES);
        for (word i = 0; i < 2; i++) {
                OK(seL4_ARM_Page_Map(frame, space, at, rights[i], CACHED));
                EQ(seL4_ARM_Page_Invalidate_Data(frame, 0, PAGE),
                   AT_EL2 ? seL4_NoError : seL4_IllegalOperation);
                EQ(seL4_ARM_VSpace_Invalidate_Data(space, at, at + PAGE),
                   AT_EL2 ? seL4_NoError : seL4_IllegalOperation);
                OK(seL4_ARM_Page_Clean_Data(frame, 0, PAGE));
                OK(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, PAGE));
                OK(seL4_ARM_Page_Unify_Instruction(frame, 0, PAGE));
                OK(seL4_ARM_VSpace_Clean_Data(space, at, at + PAGE));
        }
        OK(page_map(frame, space, at));
        OK(seL4_ARM_Page_Invalidate_Data(frame, 0, PAGE));
        OK(seL4_ARM_VSpace_Invalidate_Data(space, at, at + PAGE));
}

TEST(vm_space_range, "VM-37 VM-38")
{
        word space = new_space(), bare = new_vspace(), at = 0x5000;

        tables_at(space, at, TABLES);
        OK(page_map(new_frame(), space, at));
        OK(seL4_ARM_VSpace_Clean_Data(space, 0x7000, 0x9000));
        REFUSED_2(seL4_ARM_VSpace_Clean_Data(space, at + 8, at + PAGE + 1), seL4_RangeError, at + 8,
                  at + PAGE - 1);
        REFUSED_1(seL4_ARM_VSpace_Clean_Data(space, at, at), seL4_InvalidArgument, 1);
        REFUSED(seL4_ARM_VSpace_Clean_Data(space, at, seL4_UserTop + 1), seL4_IllegalOperation);
        OK(seL4_ARM_VSpace_Clean_Data(space, seL4_UserTop - 8, seL4_UserTop));
        REFUSED_1(seL4_ARM_VSpace_Clean_Data(bare, at, at + 8), seL4_InvalidCapability, 0);
        REFUSED_1(seL4_ARM_VSpace_Clean_Data(bare, at, at), seL4_InvalidArgument, 1);
}

TEST(vm_clean_reaches_an_uncached_alias, "VM-39")
{
        word address, alias = new_page_address(), frame = map_new_page(&address);
        word copy = copied(frame, seL4_AllRights);

        OK(map_at(copy, alias, seL4_AllRights, 0));
        *(volatile word *)address = 0x1234;
        OK(seL4_ARM_Page_Clean_Data(frame, 0, PAGE));
        EQ(*(volatile word *)alias, 0x1234);
        *(volatile word *)address = 0x5678;
        OK(seL4_ARM_VSpace_Clean_Data(VSPACE, address, address + PAGE));
        EQ(*(volatile word *)alias, 0x5678);
}

TEST(vm_retyped_frame_is_zero_uncached, "VM-41")
{
        word address, alias = new_page_address(), untyped = new_object(seL4_UntypedObject, UNTYPED_4K),
                      frame = new_slot();

        OK(seL4_Untyped_Retype(untyped, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, frame, 1));
        address = new_page_address();
        OK(map_at(frame, address, seL4_AllRights, CACHED));
        for (word i = 0; i < PAGE; i += 8)
                *(volatile word *)(address + i) = ~0ul;
        OK(seL4_CNode_Revoke(AT(untyped)));
        OK(seL4_Untyped_Retype(untyped, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, frame, 1));
        OK(map_at(frame, alias, seL4_AllRights, 0));
        for (word i = 0; i < PAGE; i += 8)
                EQ(*(volatile word *)(alias + i), 0);
}
