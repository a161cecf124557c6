/* SPDX-License-Identifier: BSD-2-Clause */
/* Bugs that the reference once had, where no test of a statement covers them.  docs/known-bugs.md lists all. */
#include "suite.h"

/* --- several objects of one untyped, deleted in every order --- */

enum { OBJECTS = 4, ORDERS = 24 };

static word bits_of(word type, word size)
{
        static const word BITS[] = {
                [seL4_TCBObject] = seL4_TCBBits,
                [seL4_EndpointObject] = seL4_EndpointBits,
                [seL4_NotificationObject] = seL4_NotificationBits,
                [seL4_ReplyObject] = seL4_ReplyBits,
                [seL4_ARM_SmallPageObject] = seL4_PageBits,
                [seL4_ARM_PageTableObject] = seL4_PageTableBits,
                [seL4_ARM_VSpaceObject] = seL4_VSpaceBits,
        };

        if (type == seL4_CapTableObject)
                return size + seL4_SlotBits;
        return size ? size : BITS[type];
}

/* The i-th order of deleting four things: each digit picks among those that are left. */
static void delete_in_order(word first, word order)
{
        word slot[OBJECTS];

        for (word i = 0; i < OBJECTS; i++)
                slot[i] = first + i;
        for (word left = OBJECTS; left; left--) {
                word pick = order % left;

                order /= left;
                OK(seL4_CNode_Delete(AT(slot[pick])));
                for (word i = pick; i + 1 < left; i++)
                        slot[i] = slot[i + 1];
        }
}

/* The untyped has room for four, so a round can only be when all of the round before are gone. */
TEST(bugs_deleted_in_every_order, "")
{
        static const word TYPE[][2] = {
                {seL4_TCBObject, 0},        {seL4_EndpointObject, 0},      {seL4_NotificationObject, 0},
                {seL4_ReplyObject, 0},      {seL4_SchedContextObject, 8},  {seL4_CapTableObject, 3},
                {seL4_UntypedObject, 6},    {seL4_ARM_SmallPageObject, 0}, {seL4_ARM_PageTableObject, 0},
                {seL4_ARM_VSpaceObject, 0},
        };
        word spare = new_slot();

        for (word t = 0; t < sizeof TYPE / sizeof TYPE[0]; t++) {
                word ut = new_object(seL4_UntypedObject, bits_of(TYPE[t][0], TYPE[t][1]) + 2);
                word first = new_slots(OBJECTS);

                for (word order = 0; order < ORDERS; order++) {
                        OK(seL4_Untyped_Retype(ut, TYPE[t][0], TYPE[t][1], ROOT, 0, 0, first, OBJECTS));
                        EQ(seL4_Untyped_Retype(ut, TYPE[t][0], TYPE[t][1], ROOT, 0, 0, spare, 1),
                           seL4_NotEnoughMemory);
                        delete_in_order(first, order);
                }
        }
}

/* --- cache maintenance where there is no memory --- */

typedef seL4_Error page_call(seL4_CPtr cap, word from, word to);

static page_call *const ON_PAGE[] = {
        seL4_ARM_Page_Clean_Data,
        seL4_ARM_Page_Invalidate_Data,
        seL4_ARM_Page_CleanInvalidate_Data,
        seL4_ARM_Page_Unify_Instruction,
};
static page_call *const ON_SPACE[] = {
        seL4_ARM_VSpace_Clean_Data,
        seL4_ARM_VSpace_Invalidate_Data,
        seL4_ARM_VSpace_CleanInvalidate_Data,
        seL4_ARM_VSpace_Unify_Instruction,
};

/* Whatever they answer, they come back. */
static void every_cache_call(word frame, word address)
{
        const word page = 1ul << seL4_PageBits;

        for (word i = 0; i < 4; i++) {
                ON_PAGE[i](frame, 0, page);
                ON_PAGE[i](frame, page - 1, page);
                ON_SPACE[i](VSPACE, address, address + page);
                ON_SPACE[i](VSPACE, address - page, address + 2 * page);
        }
}

TEST(bugs_cache_calls_on_a_stale_frame, "")
{
        word frame = new_frame(), address = 0x7000000000, slot = new_slots(4), tables = 0;

        while (seL4_ARM_Page_Map(frame, VSPACE, address, seL4_AllRights, seL4_ARM_Default_VMAttributes)) {
                OK(seL4_Untyped_Retype(test_untyped(), seL4_ARM_PageTableObject, 0, ROOT, 0, 0, slot + tables,
                                       1));
                OK(seL4_ARM_PageTable_Map(slot + tables++, VSPACE, address, seL4_ARM_Default_VMAttributes));
        }
        CHECK(tables > 0);
        every_cache_call(frame, address);
        while (tables) {
                OK(seL4_CNode_Delete(AT(slot + --tables)));
                every_cache_call(frame, address);
                EQ(seL4_ARM_Page_Clean_Data(frame, 0, 64) != seL4_NoError, !AT_EL2);
        }
        OK(seL4_ARM_Page_Unmap(frame));
        every_cache_call(frame, address);
}

/* A page at the start of every piece of device memory, wherever it is. */
TEST(bugs_cache_calls_on_device_frames, "")
{
        word seen = 0;

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                word frame = new_slot(), address = new_page_address();

                if (!suite_boot->untypedList[i].isDevice ||
                    suite_boot->untypedList[i].sizeBits < seL4_PageBits)
                        continue;
                if (seL4_Untyped_Retype(suite_boot->untyped.start + i, seL4_ARM_SmallPageObject, 0, ROOT, 0,
                                        0, frame, 1))
                        continue;
                OK(map_at(frame, address, seL4_AllRights, 0));
                every_cache_call(frame, address);
                OK(seL4_CNode_Delete(AT(frame)));
                seen++;
        }
        CHECK(seen > 0);
}
