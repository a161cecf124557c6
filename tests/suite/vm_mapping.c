/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping and unmapping frames and tables: every refusal and what it says (vspace.md 6, 7, 9). */
#include "vm_common.h"

static const word TWO_MIB = 1ul << seL4_LargePageBits;

TEST(vm_not_a_space_to_map_in, "VM-12")
{
        word frame = new_frame(), table = new_table();
        word spaces[] = {new_vspace(), new_endpoint(), seL4_CapNull, new_slot()};

        for (word i = 0; i < sizeof spaces / sizeof *spaces; i++) {
                REFUSED_1(page_map(frame, spaces[i], 8), seL4_InvalidCapability, 1);
                REFUSED_1(seL4_ARM_PageTable_Map(table, spaces[i], 8, CACHED), seL4_InvalidCapability, 1);
        }
}

TEST(vm_levels_missing_one_by_one, "VM-13 VM-14")
{
        static const word bits_left[] = {SEL4_MAPPING_LOOKUP_NO_PUD, SEL4_MAPPING_LOOKUP_NO_PD,
                                         SEL4_MAPPING_LOOKUP_NO_PT};
        word space = new_space(), frame = new_frame(), at = 0x12345000;

        for (word i = 3 - TABLES; i < 3; i++) {
                REFUSED_3(page_map(frame, space, at), seL4_FailedLookup, 0, seL4_MissingCapability,
                          bits_left[i]);
                tables_at(space, at, 1);
        }
        OK(page_map(frame, space, at));
        REFUSED(seL4_ARM_PageTable_Map(new_table(), space, at, CACHED), seL4_DeleteFirst);
}

TEST(vm_table_at_any_address_of_its_range, "VM-15 VM-16")
{
        word space = new_space(), table = new_table();

        tables_at(space, 0x40123457, TABLES - 1);
        OK(seL4_ARM_PageTable_Map(table, space, 0x40123457, CACHED));
        OK(page_map(new_frame(), space, 0x40000000));
        OK(page_map(new_frame(), space, 0x401ff000));
        REFUSED_1(seL4_ARM_PageTable_Map(table, space, 0x80000000, CACHED), seL4_InvalidCapability, 0);
}

TEST(vm_end_of_user_addresses, "VM-17")
{
        word space = new_space(), beyond = seL4_UserVSpaceTop + 1, last = beyond - PAGE;

        REFUSED_1(seL4_ARM_PageTable_Map(new_table(), space, beyond, CACHED), seL4_InvalidArgument, 0);
        REFUSED_1(page_map(new_frame(), space, beyond), seL4_InvalidArgument, 0);
        REFUSED_1(page_map(new_frame(), space, ~0xffful), seL4_InvalidArgument, 0);
        tables_at(space, last, TABLES);
        OK(page_map(new_frame(), space, last));
}

TEST(vm_large_pages_and_tables_exclude_each_other, "VM-18 VM-19")
{
        word space = new_space(), at = 0x600000, table = new_table(), small = new_frame();

        tables_at(space, at, TABLES - 1);
        word large = new_large();
        OK(page_map(large, space, at));
        REFUSED(seL4_ARM_PageTable_Map(table, space, at, CACHED), seL4_DeleteFirst);
        REFUSED_3(page_map(small, space, at), seL4_FailedLookup, 0, seL4_MissingCapability, 21);
        OK(seL4_ARM_PageTable_Map(table, space, at + TWO_MIB, CACHED));
        OK(seL4_ARM_Page_Unmap(large));
        REFUSED_3(page_map(large, space, at + TWO_MIB), seL4_FailedLookup, 0, seL4_MissingCapability, 12);
}

TEST(vm_alignment, "VM-20")
{
        word space = new_space();

        REFUSED(page_map(new_frame(), space, 0x1001), seL4_AlignmentError);
        REFUSED(page_map(new_frame(), space, 0x1800), seL4_AlignmentError);
        REFUSED(page_map(new_large(), space, TWO_MIB + PAGE), seL4_AlignmentError);
}

TEST(vm_one_cap_one_mapping, "VM-21")
{
        word space = new_space(), other = new_space(), frame = new_frame();

        tables_at(space, 0, TABLES);
        tables_at(other, 0, TABLES);
        OK(page_map(frame, space, 0));
        REFUSED_1(page_map(frame, space, PAGE), seL4_InvalidArgument, 0);
        REFUSED_1(page_map(frame, other, 0), seL4_InvalidCapability, 1);
        REFUSED(page_map(frame, space, 8), seL4_AlignmentError);
        OK(page_map(frame, space, 0));
}

TEST(vm_unmap_as_often_as_you_like, "VM-25 VM-49")
{
        word frame = new_frame(), space = new_space();

        OK(seL4_ARM_Page_Unmap(frame));
        tables_at(space, 0, TABLES);
        OK(page_map(frame, space, 0));
        OK(seL4_ARM_Page_Unmap(frame));
        OK(seL4_ARM_Page_Unmap(frame));
        seL4_SetCap(0, space);
        EQ(seL4_MessageInfo_get_label(seL4_Call(frame, seL4_MessageInfo_new(ARMPageMap, 0, 1, 2))),
           seL4_TruncatedMessage);
        EQ(seL4_MessageInfo_get_label(seL4_Call(frame, seL4_MessageInfo_new(ARMPageMap, 0, 0, 3))),
           seL4_TruncatedMessage);
        seL4_SetCap(0, space);
        EQ(seL4_MessageInfo_get_label(seL4_Call(new_table(), seL4_MessageInfo_new(ARMPageTableMap, 0, 1, 1))),
           seL4_TruncatedMessage);
}

TEST(vm_moved_cap_keeps_its_mapping, "VM-28")
{
        word space = new_space(), frame = new_frame(), to = new_slot();

        tables_at(space, 0, TABLES);
        OK(page_map(frame, space, 0));
        OK(seL4_CNode_Move(AT(to), AT(frame)));
        OK(seL4_ARM_Page_Clean_Data(to, 0, PAGE));
        REFUSED_1(page_map(to, space, PAGE), seL4_InvalidArgument, 0);
        OK(seL4_ARM_Page_Unmap(to));
        OK(page_map(to, space, PAGE));
}

TEST(vm_unmap_a_table, "VM-30 VM-32")
{
        word space = new_space(), table = new_table(), at = 0x200000;

        tables_at(space, at, TABLES - 1);
        OK(seL4_ARM_PageTable_Map(table, space, at, CACHED));
        word copy = copied(table, seL4_AllRights);
        REFUSED(seL4_ARM_PageTable_Unmap(table), seL4_RevokeFirst);
        OK(seL4_CNode_Delete(AT(copy)));
        REFUSED(seL4_ARM_PageTable_Map(new_table(), space, at, CACHED), seL4_DeleteFirst);
        OK(seL4_ARM_PageTable_Unmap(table));
        OK(seL4_ARM_PageTable_Unmap(table));
        REFUSED_3(page_map(new_frame(), space, at), seL4_FailedLookup, 0, seL4_MissingCapability, 21);
        OK(seL4_ARM_PageTable_Map(table, space, at, CACHED));
        OK(seL4_CNode_Delete(AT(table)));
        REFUSED_3(page_map(new_frame(), space, at), seL4_FailedLookup, 0, seL4_MissingCapability, 21);
}

TEST(vm_pages_under_an_unmapped_table, "VM-31")
{
        word space = new_space(), table = new_table(), frame = new_frame(), at = 0x200000;

        tables_at(space, at, TABLES - 1);
        OK(seL4_ARM_PageTable_Map(table, space, at, CACHED));
        OK(page_map(frame, space, at));
        OK(seL4_ARM_PageTable_Unmap(table));
        stale_clean(frame);
        REFUSED_1(page_map(frame, space, at + PAGE), seL4_InvalidArgument, 0);
        REFUSED_3(page_map(frame, space, at), seL4_FailedLookup, 0, seL4_MissingCapability, 21);
        OK(seL4_ARM_PageTable_Map(table, space, at, CACHED));
        stale_clean(frame);
        OK(page_map(frame, space, at));
        OK(seL4_ARM_Page_Clean_Data(frame, 0, PAGE));
}

TEST(vm_address_of_a_frame, "VM-42")
{
        word frame = new_frame(), copy = copied(frame, seL4_AllRights), space = new_space();
        seL4_ARM_Page_GetAddress_t first = seL4_ARM_Page_GetAddress(frame);

        OK(first.error);
        EQ(first.paddr & (PAGE - 1), 0);
        tables_at(space, 0, TABLES);
        OK(page_map(copy, space, 0));
        EQ(seL4_ARM_Page_GetAddress(copy).paddr, first.paddr);
        CHECK(seL4_ARM_Page_GetAddress(new_frame()).paddr != first.paddr);
}
