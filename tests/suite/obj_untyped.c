/* SPDX-License-Identifier: BSD-2-Clause */
/* Retype: its checks in order, where objects come to lie, what is in them, and when memory comes back. */
#include "obj_common.h"

enum { SLOT_BITS = 5, LARGEST_BITS = 47, FAN_OUT = 256, PAGE = 4096, NODE_BITS = 4, NODE_SLOTS = 16 };

TEST(obj_retype_shape_checks, "OBJ-7.2.1 OBJ-7.2.2 OBJ-7.2.3 OBJ-7.2.4 OBJ-18.4")
{
        word ut = new_untyped(12), slot = new_slot();

        EXPECT(illegal(), ut, 0, 0);
        EXPECT(illegal(), ut, TCBReadRegisters, 6, {seL4_EndpointObject, 0, 0, 0, slot, 1}, 1, {ROOT});
        EXPECT(truncated(), ut, UntypedRetype, 5, {99, 0, 0, 0, slot}, 1, {ROOT});
        EXPECT(truncated(), ut, UntypedRetype, 6, {99, 0, 0, 0, slot, 1});
        EXPECT(bad_argument(0), ut, UntypedRetype, 6, {seL4_ObjectTypeCount, 64, 0, 0, slot, 0}, 1, {slot});
        EXPECT(bad_argument(0), ut, UntypedRetype, 6, {1ul << 32, 0, 0, 0, slot, 1}, 1, {ROOT});
        EQ(seL4_ObjectTypeCount, AT_EL2 ? 13 : 12);
        for (word type = 0; type < seL4_ObjectTypeCount; type++) {
                EXPECT(range_error(0, LARGEST_BITS), ut, UntypedRetype, 6, {type, 64, 0, 0, slot, 1}, 1,
                       {slot});
                EXPECT(range_error(0, LARGEST_BITS), ut, UntypedRetype, 6, {type, ~0ul, 0, 0, slot, 1}, 1,
                       {slot});
        }
        EXPECT(range_error(0, LARGEST_BITS), ut, UntypedRetype, 6, {seL4_UntypedObject, 48, 0, 0, slot, 1}, 1,
               {slot});
        EXPECT(range_error(0, LARGEST_BITS), ut, UntypedRetype, 6, {seL4_CapTableObject, 43, 0, 0, slot, 1},
               1, {slot});
        EXPECT(range_error(0, LARGEST_BITS), ut, UntypedRetype, 6,
               {seL4_SchedContextObject, 48, 0, 0, slot, 1}, 1, {slot});
        EXPECT(no_memory(PAGE), ut, UntypedRetype, 6, {seL4_UntypedObject, 47, 0, 0, slot, 1}, 1, {ROOT});
        EXPECT(no_memory(PAGE), ut, UntypedRetype, 6, {seL4_CapTableObject, 42, 0, 0, slot, 1}, 1, {ROOT});
        EXPECT(done(), ut, UntypedRetype, 6, {seL4_EndpointObject, 63, 0, 0, slot, 1}, 1,
               {ROOT}); /* ignored */
}

TEST(obj_retype_size_checks, "OBJ-7.2.5 OBJ-7.2.6 OBJ-7.2.7")
{
        word ut = new_untyped(12), slot = new_slot(), bad = new_endpoint();

        EXPECT(bad_argument(1), ut, UntypedRetype, 6, {seL4_CapTableObject, 0, 0, 64, slot, 0}, 1, {bad});
        for (word bits = 0; bits < seL4_MinUntypedBits; bits++)
                EXPECT(bad_argument(1), ut, UntypedRetype, 6, {seL4_UntypedObject, bits, 0, 64, slot, 0}, 1,
                       {bad});
        for (word bits = 0; bits < seL4_MinSchedContextBits; bits++)
                EXPECT(bad_argument(1), ut, UntypedRetype, 6, {seL4_SchedContextObject, bits, 0, 64, slot, 0},
                       1, {bad});
        OK(retyped(ut, seL4_CapTableObject, 1, slot));
        OK(retyped(ut, seL4_UntypedObject, seL4_MinUntypedBits, new_slot()));
        OK(retyped(ut, seL4_SchedContextObject, seL4_MinSchedContextBits, new_slot()));
}

TEST(obj_retype_node_checks, "OBJ-7.2.8 OBJ-7.2.9 OBJ-7.2.10 OBJ-3.4.r5")
{
        word ut = new_untyped(12), node = new_node(NODE_BITS), outer = new_node(NODE_BITS),
             ep = new_endpoint();
        const word type = seL4_EndpointObject;

        OK(seL4_CNode_Copy(outer, 3, NODE_BITS, AT(node), seL4_AllRights));
        EXPECT(missing(0, 0), ut, UntypedRetype, 6, {type, 0, 5, 0, 99, 0}, 1, {ep});
        EXPECT(bad_root(0), ut, UntypedRetype, 6, {type, 0, 5, 64, 99, 0}, 1, {ep});
        EXPECT(range_error(1, 64), ut, UntypedRetype, 6, {type, 0, 5, 65, 99, 0}, 1, {ROOT});
        EXPECT(bad_guard(0, 3, 0, 64 - radix()), ut, UntypedRetype, 6, {type, 0, 0, 3, 99, 0}, 1, {ROOT});
        EXPECT(missing(0, 64), ut, UntypedRetype, 6, {type, 0, ep, 64, 99, 0}, 1, {ROOT});
        EXPECT(missing(0, NODE_BITS), ut, UntypedRetype, 6, {type, 0, 4, NODE_BITS, 99, 0}, 1, {outer});
        EXPECT(range_error(0, NODE_SLOTS - 1), ut, UntypedRetype, 6, {type, 0, 0, 0, NODE_SLOTS, 0}, 1,
               {node});
        EXPECT(range_error(0, NODE_SLOTS - 1), ut, UntypedRetype, 6, {type, 0, node, 64, ~0ul, 0}, 1, {ROOT});
        EXPECT(range_error(0, (1ul << radix()) - 1), ut, UntypedRetype, 6, {type, 0, 9, 0, 1ul << radix(), 0},
               1, {ROOT});
        EXPECT(done(), ut, UntypedRetype, 6, {type, 0, 77, 0, 2, 1}, 1, {node}); /* the index is ignored */
        EXPECT(done(), ut, UntypedRetype, 6, {type, 0, 3, NODE_BITS, 4, 1}, 1, {outer});
        CHECK(there_in(node, 2, NODE_BITS) && there_in(node, 4, NODE_BITS));
}

TEST(obj_retype_window_checks, "OBJ-7.2.11 OBJ-7.2.12 OBJ-7.2.13 OBJ-17.6")
{
        word ut = new_untyped(12), node = new_node(NODE_BITS), big = new_node(9);
        const word type = seL4_EndpointObject;

        EXPECT(range_error(1, FAN_OUT), ut, UntypedRetype, 6, {type, 0, 0, 0, 15, 0}, 1, {node});
        EXPECT(range_error(1, FAN_OUT), ut, UntypedRetype, 6, {type, 0, 0, 0, 15, 257}, 1, {node});
        EXPECT(range_error(1, FAN_OUT), ut, UntypedRetype, 6, {type, 0, 0, 0, 15, ~0ul}, 1, {node});
        EXPECT(range_error(1, 1), ut, UntypedRetype, 6, {type, 0, 0, 0, 15, 2}, 1, {node});
        EXPECT(range_error(1, 16), ut, UntypedRetype, 6, {type, 0, 0, 0, 0, FAN_OUT}, 1, {node});
        OK(seL4_CNode_Copy(node, 5, NODE_BITS, AT(new_notification()), seL4_AllRights));
        EXPECT(delete_first(), ut, UntypedRetype, 6, {type, 0, 0, 0, 3, 3}, 1, {node});
        EXPECT(delete_first(), ut, UntypedRetype, 6, {seL4_ARM_LargePageObject, 0, 0, 0, 5, 1}, 1, {node});
        EXPECT(done(), ut, UntypedRetype, 6, {type, 0, 0, 0, 3, 2}, 1, {node});
        EXPECT(done(), ut, UntypedRetype, 6, {type, 0, 0, 0, 6, 10}, 1, {node});
        OK(seL4_CNode_Revoke(AT(ut)));
        EXPECT(done(), ut, UntypedRetype, 6, {type, 0, 0, 0, FAN_OUT, FAN_OUT}, 1, {big});
        CHECK(there_in(big, 511, 9) && there_in(big, 256, 9) && !there_in(big, 255, 9));
}

/* f counts free bytes without alignment; an error changes nothing. */
TEST(obj_retype_free_bytes, "OBJ-7.2.14 OBJ-17.6")
{
        word ut = new_untyped(14), node = new_node(NODE_BITS), slot[2] = {new_slot(), new_slot()};

        EXPECT(no_memory(16384), ut, UntypedRetype, 6, {seL4_ARM_SmallPageObject, 0, 0, 0, 0, 5}, 1, {node});
        EXPECT(no_memory(16384), ut, UntypedRetype, 6, {seL4_ARM_LargePageObject, 0, 0, 0, 0, 1}, 1, {node});
        OK(retyped(ut, seL4_EndpointObject, 0, slot[0]));
        EXPECT(no_memory(16384 - 16), ut, UntypedRetype, 6, {seL4_ARM_SmallPageObject, 0, 0, 0, 0, 4}, 1,
               {node});
        OK(retyped(ut, seL4_ARM_SmallPageObject, 0, slot[1]));
        EXPECT(no_memory(8192), ut, UntypedRetype, 6, {seL4_ARM_SmallPageObject, 0, 0, 0, 0, 3}, 1, {node});
        EXPECT(done(), ut, UntypedRetype, 6, {seL4_ARM_SmallPageObject, 0, 0, 0, 0, 2}, 1, {node});
        EXPECT(no_memory(0), ut, UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 0, 3, 1}, 1, {node});
        OK(seL4_CNode_Delete(AT(slot[0])));
        EXPECT(no_memory(0), ut, UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 0, 3, 1}, 1, {node});
        OK(seL4_CNode_Delete(AT(slot[1])));
        OK(seL4_CNode_Delete(node, 0, NODE_BITS));
        OK(seL4_CNode_Delete(node, 1, NODE_BITS));
        EXPECT(done(), ut, UntypedRetype, 6, {seL4_ARM_SmallPageObject, 0, 0, 0, 0, 4}, 1, {node});
}

TEST(obj_exact_fill, "OBJ-17.6 OBJ-7.2.14 OBJ-7.2.e2")
{
        static const struct {
                unsigned char type, size_bits, bits;
        } kinds[] = {{seL4_EndpointObject, 0, 4},       {seL4_ReplyObject, 0, 5},
                     {seL4_NotificationObject, 0, 6},   {seL4_CapTableObject, 1, 6},
                     {seL4_TCBObject, 0, 11},           {seL4_SchedContextObject, 7, 7},
                     {seL4_UntypedObject, 4, 4},        {seL4_ARM_SmallPageObject, 0, 12},
                     {seL4_ARM_PageTableObject, 0, 12}, {seL4_ARM_VSpaceObject, 0, seL4_VSpaceBits}};
        word node = new_node(NODE_BITS);

        for (word i = 0; i < sizeof kinds / sizeof *kinds; i++) {
                word ut = new_untyped(kinds[i].bits + 3u);

                for (word n = 0; n < 8; n++)
                        EXPECT(done(), ut, UntypedRetype, 6, {kinds[i].type, kinds[i].size_bits, 0, 0, n, 1},
                               1, {node});
                EXPECT(no_memory(0), ut, UntypedRetype, 6, {kinds[i].type, kinds[i].size_bits, 0, 0, 8, 1}, 1,
                       {node});
                for (word n = 0; n < 8; n++)
                        OK(seL4_CNode_Delete(node, n, NODE_BITS));
                EXPECT(done(), ut, UntypedRetype, 6, {kinds[i].type, kinds[i].size_bits, 0, 0, 0, 8}, 1,
                       {node});
                OK(seL4_CNode_Revoke(AT(ut)));
        }
}

TEST(obj_cnode_bigger_than_its_untyped, "OBJ-17.7 OBJ-7.2.4 OBJ-7.2.14")
{
        word ut = new_untyped(12), slot = new_slot();

        for (word bits = 12 - SLOT_BITS + 1; bits < 80; bits++) {
                if (bits + SLOT_BITS <= LARGEST_BITS)
                        EXPECT(no_memory(PAGE), ut, UntypedRetype, 6,
                               {seL4_CapTableObject, bits, 0, 0, slot, 1}, 1, {ROOT});
                else
                        EXPECT(range_error(0, LARGEST_BITS), ut, UntypedRetype, 6,
                               {seL4_CapTableObject, bits, 0, 0, slot, 1}, 1, {ROOT});
        }
        OK(retyped(ut, seL4_CapTableObject, 12 - SLOT_BITS, slot));
}

static word device_untyped(void)
{
        word i = 0;

        while (!suite_boot->untypedList[i].isDevice || suite_boot->untypedList[i].paddr < 0x10000000)
                i++;
        return suite_boot->untyped.start + i;
}

TEST(obj_device_untyped, "OBJ-7.2.15 OBJ-18.5")
{
        static const unsigned char kept[] = {
                seL4_TCBObject,   seL4_EndpointObject,      seL4_NotificationObject, seL4_CapTableObject,
                seL4_ReplyObject, seL4_ARM_PageTableObject, seL4_ARM_VSpaceObject,   seL4_SchedContextObject};
        word device = device_untyped(), inner = new_slot(), slot = new_slot();

        OK(retyped(device, seL4_UntypedObject, 13, inner));
        for (word i = 0; i < sizeof kept; i++) {
                EXPECT(bad_argument(1), device, UntypedRetype, 6, {kept[i], 8, 0, 0, slot, 1}, 1, {ROOT});
                EXPECT(bad_argument(1), inner, UntypedRetype, 6, {kept[i], 7, 0, 0, slot, 1}, 1, {ROOT});
        }
        EXPECT(no_memory(8192), inner, UntypedRetype, 6, {seL4_CapTableObject, 20, 0, 0, slot, 1}, 1, {ROOT});
        EXPECT(delete_first(), inner, UntypedRetype, 6, {seL4_TCBObject, 0, 0, 0, inner, 1}, 1, {ROOT});
        OK(retyped(inner, seL4_UntypedObject, 12, slot));
        OK(retyped(inner, seL4_ARM_SmallPageObject, 0, new_slot()));
        OK(seL4_CNode_Revoke(AT(device)));
}

static word address_of(word frame)
{
        seL4_ARM_Page_GetAddress_t at = seL4_ARM_Page_GetAddress(frame);

        OK(at.error);
        return at.paddr;
}

TEST(obj_placement, "OBJ-7.2.e1 OBJ-7.2.e2")
{
        word ut = new_untyped(15), first = new_slots(8), ep = new_slot(), base;

        OK(seL4_Untyped_Retype(ut, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, first, 8));
        base = address_of(first);
        for (word i = 0; i < 8; i++)
                EQ(address_of(first + i), base + i * PAGE);
        EQ(base % (1ul << 15), 0);
        for (word i = 0; i < 8; i++)
                OK(seL4_CNode_Delete(AT(first + i)));
        OK(retyped(ut, seL4_EndpointObject, 0, ep));
        OK(retyped(ut, seL4_ARM_SmallPageObject, 0, first));
        EQ(address_of(first), base + PAGE); /* rounded up */
        OK(seL4_CNode_Revoke(AT(ut)));
        OK(retyped(ut, seL4_ARM_SmallPageObject, 0, first));
        EQ(address_of(first), base); /* the reset took the watermark back */
}

TEST(obj_memory_is_zero, "OBJ-7.2.e1 OBJ-7.2.e3 OBJ-17.6")
{
        word ut = new_untyped(13), frames = new_slots(2), address = new_page_address(), wrong = 0;
        volatile word *page = (volatile word *)address;

        for (int round = 0; round < 3; round++) {
                OK(seL4_Untyped_Retype(ut, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, frames, 2));
                for (word f = 0; f < 2; f++) {
                        OK(map_at(frames + f, address, seL4_ReadWrite, seL4_ARM_Default_VMAttributes));
                        for (word i = 0; i < PAGE / sizeof(word); i++) {
                                wrong += page[i] != 0;
                                page[i] = ~i;
                        }
                        OK(seL4_ARM_Page_Unmap(frames + f));
                }
                OK(seL4_CNode_Revoke(AT(ut)));
        }
        EQ(wrong, 0);
        OK(seL4_Untyped_Retype(ut, seL4_UntypedObject, 12, ROOT, 0, 0, frames, 1));
        word small = new_slot();
        OK(retyped(frames, seL4_ARM_SmallPageObject, 0, small));
        OK(map_at(small, address, seL4_ReadWrite, 0)); /* uncached: memory itself holds the zeros */
        for (word i = 0; i < PAGE / sizeof(word); i++)
                wrong += page[i] != 0;
        EQ(wrong, 0);
}

TEST(obj_new_objects, "OBJ-7.2.e3 OBJ-11.9")
{
        word ut = new_untyped(15), tcb = new_slot(), node = new_slot(), sc = new_slot();
        seL4_UserContext c;

        OK(retyped(ut, seL4_TCBObject, 0, tcb));
        OK(retyped(ut, seL4_CapTableObject, 4, node));
        OK(retyped(ut, seL4_SchedContextObject, 8, sc));
        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, 36, &c));
        for (word i = 0; i < 36; i++)
                EQ(((word *)&c)[i], i == 2 ? (on_debug_kernel() ? 0x40ul : 0x140ul) : 0);
        for (word i = 0; i < NODE_SLOTS; i++)
                CHECK(!there_in(node, i, NODE_BITS));
        EXPECT(says_word(0), tcb, TCBSetFlags, 2, {0, 0});
        EXPECT(illegal(), tcb, TCBUnbindNotification, 0);
        EXPECT(range_error(0, 0), sample(S_TCB), TCBSetPriority, 1, {1}, 1, {tcb});
        EXPECT(says_word(0), sc, SchedContextConsumed, 0);
        OK(seL4_SchedContext_Bind(sc, tcb)); /* neither had one */
}

/* Objects may come to lie in an untyped beside the CNode that names them. */
TEST(obj_node_in_the_same_untyped, "OBJ-7.2.e3 OBJ-7.2.e4")
{
        word ut = new_untyped(15), node = new_slot();

        OK(retyped(ut, seL4_CapTableObject, 9, node));
        for (word i = 0; i < 2; i++)
                OK(seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, node, 0, 0, i * FAN_OUT, FAN_OUT));
        CHECK(there_in(node, 511, 9) && there_in(node, 0, 9));
        OK(seL4_CNode_Revoke(AT(ut)));
        CHECK(!there(node));
        OK(retyped(ut, seL4_UntypedObject, 15, node));
}
