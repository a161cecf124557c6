/* SPDX-License-Identifier: BSD-2-Clause */
/* VSpaces, ASID pools and what their caps allow (vspace.md 3 to 5). */
#include "vm_common.h"

enum { OWN_POOL = 510, FRESH_POOL = 512, MORE_POOLS = 127 };

TEST(vm_copy_of_a_vspace, "VM-01")
{
        word space = new_vspace(), to = new_slot();

        REFUSED(seL4_CNode_Copy(AT(to), AT(space), seL4_AllRights), seL4_IllegalOperation);
        OK(seL4_ARM_ASIDPool_Assign(POOL, space));
        OK(seL4_CNode_Copy(AT(to), AT(space), seL4_AllRights));
}

TEST(vm_copy_of_a_page_table, "VM-02")
{
        word space = new_space(), table = new_table(), to = new_slot();

        REFUSED(seL4_CNode_Copy(AT(to), AT(table), seL4_AllRights), seL4_IllegalOperation);
        OK(seL4_ARM_PageTable_Map(table, space, 0, CACHED));
        OK(seL4_CNode_Copy(AT(to), AT(table), seL4_AllRights));
}

TEST(vm_what_is_no_vspace_root, "VM-03")
{
        word tcb = new_object(seL4_TCBObject, 0);
        word roots[] = {new_vspace(), seL4_CapNull, new_frame(), new_table()};

        for (word i = 0; i < sizeof roots / sizeof *roots; i++)
                REFUSED(seL4_TCB_SetSpace(tcb, seL4_CapNull, ROOT, 0, roots[i], 0), seL4_IllegalOperation);
        OK(seL4_TCB_SetSpace(tcb, seL4_CapNull, ROOT, 0, new_space(), 0));
}

TEST(vm_what_cannot_be_assigned, "VM-04 VM-05")
{
        word space = new_space();

        REFUSED_1(seL4_ARM_ASIDPool_Assign(POOL, new_frame()), seL4_InvalidCapability, 1);
        REFUSED_1(seL4_ARM_ASIDPool_Assign(POOL, space), seL4_InvalidCapability, 1);
        REFUSED_1(seL4_ARM_ASIDPool_Assign(POOL, VSPACE), seL4_InvalidCapability, 1);
        seL4_MessageInfo_t info = seL4_Call(POOL, seL4_MessageInfo_new(ARMASIDPoolAssign, 0, 0, 0));
        EQ(seL4_MessageInfo_get_label(info), seL4_TruncatedMessage);
}

/* How many VSpaces a pool takes; the test's untyped has room for 1024. */
static word fill(word pool)
{
        word n = 0, error = 0, first = new_slots(600);

        while (n < 600 && !error) {
                OK(seL4_Untyped_Retype(test_untyped(), seL4_ARM_VSpaceObject, 0, ROOT, 0, 0, first + n, 1));
                error = seL4_ARM_ASIDPool_Assign(pool, first + n);
                n += !error;
        }
        EQ(error, seL4_DeleteFirst);
        return n;
}

static word new_pool(void)
{
        word to = new_slot();

        OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, new_object(seL4_UntypedObject, UNTYPED_4K),
                                         AT(to)));
        return to;
}

TEST(vm_initial_pool_is_full, "VM-06 BOOT-3.8 BOOT-9.4")
{
        EQ(fill(POOL), OWN_POOL);
}

TEST(vm_fresh_pool_is_full, "VM-07 BOOT-9.4")
{
        EQ(fill(new_pool()), FRESH_POOL);
}

TEST(vm_pools_run_out, "VM-08 BOOT-9.4")
{
        word last = 0, to = new_slot();

        for (word i = 0; i < MORE_POOLS; i++)
                last = new_pool();
        word untyped = new_object(seL4_UntypedObject, UNTYPED_4K);
        REFUSED(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, AT(to)), seL4_DeleteFirst);
        OK(seL4_CNode_Delete(AT(last)));
        OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, AT(to)));
}

/* 4 KiB of device memory.  With a GICv2 the list has such pieces; with a GICv3 one is cut off. */
static word device_untyped(void)
{
        word bigger = 0, slot = new_slot();

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                if (!suite_boot->untypedList[i].isDevice)
                        continue;
                if (suite_boot->untypedList[i].sizeBits == UNTYPED_4K)
                        return suite_boot->untyped.start + i;
                bigger = suite_boot->untyped.start + i;
        }
        OK(seL4_Untyped_Retype(bigger, seL4_UntypedObject, UNTYPED_4K, ROOT, 0, 0, slot, 1));
        return slot;
}

TEST(vm_memory_of_a_pool, "VM-09 VM-10")
{
        word to = new_slot(), other = new_slot(), good = new_object(seL4_UntypedObject, UNTYPED_4K);
        word bad[] = {new_object(seL4_UntypedObject, UNTYPED_4K + 1), new_endpoint(), device_untyped()};

        for (word i = 0; i < sizeof bad / sizeof *bad; i++)
                REFUSED_1(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, bad[i], AT(to)),
                          seL4_InvalidCapability, 1);
        OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, good, AT(to)));
        REFUSED(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, good, AT(other)), seL4_RevokeFirst);
}

TEST(vm_destination_of_a_pool, "VM-11")
{
        word untyped = new_object(seL4_UntypedObject, UNTYPED_4K), to = new_slot();

        REFUSED(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, AT(untyped)), seL4_DeleteFirst);
        REFUSED_2(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, ROOT, to, 0), seL4_RangeError,
                  1, 64);
        REFUSED_2(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, ROOT, to, 65), seL4_RangeError,
                  1, 64);
        REFUSED_2(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, untyped, to, 64),
                  seL4_FailedLookup, 0, seL4_InvalidRoot);
}

static word label_of(word cap, word label, word length)
{
        return seL4_MessageInfo_get_label(seL4_Call(cap, seL4_MessageInfo_new(label, 0, 0, length)));
}

TEST(vm_unknown_labels, "VM-50")
{
        word caps[] = {new_frame(), new_table(), new_space(), seL4_CapASIDControl, POOL};

        for (word i = 0; i < sizeof caps / sizeof *caps; i++) {
                EQ(label_of(caps[i], 0, 4), seL4_IllegalOperation);
                EQ(label_of(caps[i], CNodeCopy, 4), seL4_IllegalOperation);
                EQ(label_of(caps[i], 0xfffff, 0), seL4_IllegalOperation);
        }
        EQ(label_of(caps[0], ARMPageTableMap, 4), seL4_IllegalOperation);
        EQ(label_of(caps[1], ARMPageMap, 4), seL4_IllegalOperation);
}

TEST(vm_delete_pool_under_its_space, "VM-34")
{
        word pool = new_pool(), space = new_vspace(), frame = new_frame();

        OK(seL4_ARM_ASIDPool_Assign(pool, space));
        tables_at(space, 0, TABLES);
        OK(page_map(frame, space, 0));
        OK(seL4_CNode_Delete(AT(pool)));
        REFUSED_2(page_map(new_frame(), space, PAGE), seL4_FailedLookup, 0, seL4_InvalidRoot);
        REFUSED_2(page_map(new_frame(), space, 8), seL4_FailedLookup, 0, seL4_InvalidRoot);
        REFUSED_1(seL4_ARM_ASIDPool_Assign(POOL, space), seL4_InvalidCapability, 1);
        OK(seL4_ARM_Page_Unmap(frame));
}

TEST(vm_delete_space_under_its_caps, "VM-33")
{
        word space = new_space(), other = new_space(), frame = new_frame(), table = new_table();

        OK(seL4_ARM_PageTable_Map(table, space, 0, CACHED));
        tables_at(space, 0, TABLES - 1);
        OK(page_map(frame, space, 0));
        OK(seL4_CNode_Delete(AT(space)));
        REFUSED_2(seL4_ARM_Page_Clean_Data(frame, 0, PAGE), seL4_FailedLookup, 0, seL4_InvalidRoot);
        tables_at(other, 0, TABLES);
        REFUSED_1(page_map(frame, other, 0), seL4_InvalidCapability, 1);
        OK(seL4_ARM_Page_Unmap(frame));
        OK(seL4_ARM_PageTable_Unmap(table));
        OK(page_map(frame, other, 0));
}

TEST(vm_device_untyped_makes_frames_only, "VM-47 VM-48")
{
        word device = device_untyped(), large = 0, to = new_slot(), tcb = new_object(seL4_TCBObject, 0);
        static const word never[] = {seL4_ARM_PageTableObject, seL4_ARM_VSpaceObject};

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++)
                if (suite_boot->untypedList[i].isDevice &&
                    suite_boot->untypedList[i].sizeBits >= seL4_VSpaceBits)
                        large = suite_boot->untyped.start + i;
        for (word i = 0; i < sizeof never / sizeof *never; i++)
                REFUSED_1(seL4_Untyped_Retype(large, never[i], 0, ROOT, 0, 0, to, 1), seL4_InvalidArgument,
                          1);
        REFUSED_1(seL4_Untyped_Retype(device, seL4_TCBObject, 0, ROOT, 0, 0, to, 1), seL4_InvalidArgument, 1);
        OK(seL4_Untyped_Retype(device, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, to, 1));
        REFUSED(seL4_TCB_SetIPCBuffer(tcb, 0x10000, to), seL4_IllegalOperation);
        REFUSED(seL4_TCB_SetIPCBuffer(tcb, 0x10008, new_frame()), seL4_AlignmentError);
}
