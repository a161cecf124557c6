/* SPDX-License-Identifier: BSD-2-Clause */
/* What Copy, Mint, Mutate and Rotate do to a cap of each kind. */
#include "obj_common.h"

enum { READ = 2, WRITE = 1, GRANT = 4, GRANT_REPLY = 8, SOME_DATA = 0x5a5 };

static seL4_CapRights_t rights(word mask)
{
        return (seL4_CapRights_t){{mask}};
}

/* Kinds whose rights and data mean nothing: copies are equal, Mutate and Rotate move. */
TEST(obj_plain_kinds,
     "OBJ-4.3.r4 OBJ-4.3.r5 OBJ-4.3.r6 OBJ-4.3.r7 OBJ-4.3.r9 OBJ-4.3.r11 OBJ-4.3.r12 OBJ-4.3.r15")
{
        static const unsigned char kinds[] = {S_TCB,         S_SC,  S_SCHED_CONTROL, S_DOMAIN,    S_UNTYPED,
                                              S_IRQ_HANDLER, S_SGI, S_ASID_CONTROL,  S_ASID_POOL, S_REPLY};

        for (word i = 0; i < sizeof kinds; i++) {
                word cap = sample(kinds[i]), kind = kind_of(cap), none = copied(cap, seL4_NoRights),
                     to = new_slot();

                EQ(kind_of(none), kind);
                if (kinds[i] == S_UNTYPED)
                        OK(seL4_CNode_Delete(AT(none))); /* one copy at a time */
                word with_data = minted(cap, SOME_DATA, seL4_NoRights);
                EQ(kind_of(with_data), kind);
                OK(seL4_CNode_Mutate(AT(to), AT(with_data), SOME_DATA));
                CHECK(!there(with_data));
                word other = sample(S_TCB);
                OK(seL4_CNode_Rotate(AT(with_data), SOME_DATA, AT(to), SOME_DATA, AT(other)));
                EQ(kind_of(with_data), kind);
                EQ(kind_of(to), kind_of(sample(S_TCB)));
                OK(seL4_CNode_Delete(AT(with_data)));
        }
}

/* W: to be sent to.  G or P beside it: to handle faults.  All four: to be cancelled. */
TEST(obj_endpoint_rights, "OBJ-4.3.r1 OBJ-17.13 OBJ-8.12.2")
{
        word ep = new_endpoint(), tcb = sample(S_TCB);

        for (word mask = 0; mask <= MASK_ALL; mask++) {
                word cap = copied(ep, rights(mask | 0xf0)); /* bits above the four are ignored */
                int handler = (mask & WRITE) && (mask & (GRANT | GRANT_REPLY));

                if (!(mask & WRITE))
                        EXPECT(bad_capability(0), cap, 0, 0);
                EXPECT(handler ? done() : bad_capability(1), tcb, TCBSetTimeoutEndpoint, 0, {0}, 1, {cap});
                EXPECT(mask == MASK_ALL ? done() : illegal(), ROOT, CNodeCancelBadgedSends, 2, {cap, 64});
                word more = copied(cap, seL4_AllRights); /* asking for more has no effect */
                EXPECT(handler ? done() : bad_capability(1), tcb, TCBSetTimeoutEndpoint, 0, {0}, 1, {more});
        }
}

TEST(obj_read_right, "OBJ-4.3.r1 OBJ-4.3.r2")
{
        static struct agent a[4];
        word ep = new_endpoint(), ntfn = new_notification();
        const word caps[4] = {copied(ep, rights(MASK_ALL - READ)), copied(ep, rights(READ)),
                              copied(ntfn, rights(MASK_ALL - READ)), copied(ntfn, rights(READ))};

        for (word i = 0; i < 4; i++) {
                agent_make(&a[i], LOW);
                agent_watch(&a[i]);
                if (i < 2)
                        does_recv(&a[i], caps[i], new_reply());
                else
                        does_wait(&a[i], caps[i]);
                agent_run(&a[i]);
                struct message m = poll_message(a[i].faults, new_reply());
                EQ(m.any, i % 2 == 0); /* without Read a receive faults */
                if (m.any)
                        EQ(m.label, seL4_Fault_CapFault);
        }
        EXPECT(bad_capability(0), caps[3], 0, 0);
        seL4_Signal(caps[3]); /* silently nothing */
        CHECK(agent_is(&a[3], 0));
        EXPECT(done(), caps[2], 0, 0);
        CHECK(agent_is(&a[3], 1));
}

TEST(obj_badges, "OBJ-4.3.r1 OBJ-4.3.r2 OBJ-6.7.10")
{
        const word plain[] = {new_endpoint(), new_notification()};

        for (word i = 0; i < 2; i++) {
                word to = new_slot(), badged = minted(plain[i], ~0ul, seL4_AllRights);
                word again = copied(badged, seL4_AllRights), zero = minted(plain[i], 0, seL4_AllRights);

                for (word data = 0; data < 2; data++) {
                        EXPECT(illegal(), ROOT, CNodeMint, 6, {to, 64, badged, 64, MASK_ALL, data}, 1,
                               {ROOT});
                        EXPECT(illegal(), ROOT, CNodeMint, 6, {to, 64, again, 64, MASK_ALL, ~data}, 1,
                               {ROOT});
                }
                OK(seL4_CNode_Mint(AT(to), AT(zero), seL4_AllRights, 12)); /* it was not badged */
        }
        word ntfn = new_notification();
        seL4_Signal(copied(minted(ntfn, 1ul << 63 | 1, seL4_AllRights), seL4_AllRights));
        EQ(poll_word(ntfn), 1ul << 63 | 1);
}

/* A caller offers a cap, and gets one back over a reply cap with or without Grant. */
static word caps_in_reply(word mask)
{
        static struct agent a;
        word ep = new_endpoint(), reply = new_reply(), weak = copied(reply, rights(mask)), slot = new_slot();

        agent_make(&a, LOW);
        does_call(&a, ep, info_word(0, 0, 0));
        agent_buffer(&a)->receiveCNode = ROOT;
        agent_buffer(&a)->receiveIndex = slot;
        agent_buffer(&a)->receiveDepth = 64;
        agent_run(&a);
        CHECK(poll_message(ep, reply).any);
        seL4_SetCap(0, new_notification());
        seL4_Send(weak, seL4_MessageInfo_new(7, 0, 1, 0));
        CHECK(agent_is(&a, 1));
        seL4_MessageInfo_t info = {{agent_out(&a, 0)[1]}};
        EQ(seL4_MessageInfo_get_label(info), 7);
        EQ(there(slot), seL4_MessageInfo_get_extraCaps(info));
        return seL4_MessageInfo_get_extraCaps(info);
}

TEST(obj_reply_rights, "OBJ-4.3.r8")
{
        for (word mask = 0; mask <= MASK_ALL; mask++)
                EQ(caps_in_reply(mask), mask & GRANT ? 1 : 0);
}

TEST(obj_cnode_data, "OBJ-4.3.r3")
{
        word node = new_node(4), to = new_slot(), weak = copied(node, seL4_NoRights);

        OK(seL4_CNode_Copy(weak, 2, 4, AT(new_endpoint()), seL4_AllRights)); /* rights mean nothing */
        for (word size = 58; size < 64; size++) {
                struct said answer = size <= 60 ? done() : illegal();

                EXPECT(answer, ROOT, CNodeMint, 6, {to, 64, node, 64, 0, data_word(0, size)}, 1, {ROOT});
                OK(seL4_CNode_Delete(AT(to)));
        }
        OK(seL4_CNode_Mint(AT(to), AT(node), seL4_AllRights,
                           data_word(0x7f5, 4))); /* low four bits of the guard */
        CHECK(there_in(to, 0x52, 8));
        EXPECT(bad_guard(0, 8, 5, 4), to, CNodeDelete, 2, {0xf2, 8});
}

TEST(obj_untyped_copies, "OBJ-4.3.r9 OBJ-6.7.9 OBJ-5.2.r1")
{
        word ut = new_untyped(12), to = new_slot(), other = new_slot(), ep = new_slot(), third = new_slot();

        OK(retyped(ut, seL4_EndpointObject, 0, ep));
        EXPECT(revoke_first(), ROOT, CNodeCopy, 5, {to, 64, ut, 64, MASK_ALL}, 1, {ROOT});
        OK(seL4_CNode_Delete(AT(ep)));
        EXPECT(done(), ROOT, CNodeCopy, 5, {to, 64, ut, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(revoke_first(), ROOT, CNodeCopy, 5, {other, 64, ut, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(revoke_first(), ROOT, CNodeMint, 6, {other, 64, ut, 64, MASK_ALL, 0}, 1, {ROOT});
        EXPECT(no_memory(0), ut, UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 0, ep, 1}, 1, {ROOT});
        EXPECT(done(), ROOT, CNodeCopy, 5, {other, 64, to, 64, MASK_ALL}, 1, {ROOT}); /* a chain */
        EXPECT(no_memory(0), to, UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 0, ep, 1}, 1, {ROOT});
        EXPECT(done(), other, UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 0, ep, 1}, 1, {ROOT});
        OK(seL4_CNode_Revoke(AT(ut)));
        CHECK(!there(to) && !there(other) && !there(ep) && there(ut));
        OK(retyped(ut, seL4_EndpointObject, 0, third));
}

TEST(obj_irq_control_moves_only, "OBJ-4.3.r10")
{
        word to = new_slot(), handler = new_slot(), tcb = sample(S_TCB);

        for (word mask = 0; mask <= MASK_ALL; mask++) {
                EXPECT(illegal(), ROOT, CNodeCopy, 5, {to, 64, seL4_CapIRQControl, 64, mask}, 1, {ROOT});
                EXPECT(illegal(), ROOT, CNodeMint, 6, {to, 64, seL4_CapIRQControl, 64, mask, mask}, 1,
                       {ROOT});
        }
        OK(seL4_CNode_Mutate(AT(to), AT(seL4_CapIRQControl), SOME_DATA));
        CHECK(!there(seL4_CapIRQControl));
        word error = (word)seL4_IRQControl_Get(to, 95, ROOT, handler, 64);
        OK(seL4_CNode_Rotate(AT(seL4_CapIRQControl), 3, AT(to), 3, AT(tcb)));
        EQ(error, seL4_NoError);
        CHECK(there(seL4_CapIRQControl) && there(to));
}

TEST(obj_table_copies, "OBJ-4.3.r14")
{
        word table = new_object(seL4_ARM_PageTableObject, 0), space = new_object(seL4_ARM_VSpaceObject, 0),
             to = new_slot();
        const word fresh[] = {table, space}, good[] = {sample(S_TABLE), sample(S_VSPACE)};

        for (word i = 0; i < 2; i++) {
                EXPECT(illegal(), ROOT, CNodeCopy, 5, {to, 64, fresh[i], 64, MASK_ALL}, 1, {ROOT});
                EXPECT(illegal(), ROOT, CNodeMint, 6, {to, 64, fresh[i], 64, MASK_ALL, 0}, 1, {ROOT});
                OK(seL4_CNode_Mutate(AT(to), AT(fresh[i]), SOME_DATA)); /* moving is no deriving */
                OK(seL4_CNode_Move(AT(fresh[i]), AT(to)));
                word copy = minted(good[i], SOME_DATA, seL4_NoRights);
                EQ(kind_of(copy), kind_of(good[i]));
                OK(seL4_CNode_Delete(AT(copy)));
        }
        OK(seL4_ARM_PageTable_Unmap(good[0]));
        EXPECT(illegal(), ROOT, CNodeCopy, 5, {to, 64, good[0], 64, MASK_ALL}, 1, {ROOT});
}

/* A thread reads a word and writes another; how many of the two it got done. */
static void reads_and_writes(word address, word step)
{
        volatile word *at = (volatile word *)address, *steps = (volatile word *)step;

        (void)*at;
        *steps = 1;
        *at = 1;
        *steps = 2;
}

static word access_with(word source, word mask)
{
        static struct helper h;
        word frame = copied(source, rights(mask)), address = new_page_address();

        EQ(map_at(frame, address, seL4_AllRights, seL4_ARM_Default_VMAttributes), seL4_NoError);
        spawn(&h, LOW, reads_and_writes, address, (word)&h.step);
        let_run();
        OK(seL4_TCB_Suspend(h.tcb));
        OK(seL4_ARM_Page_Unmap(frame));
        return h.step;
}

TEST(obj_frame_rights, "OBJ-4.3.r13")
{
        word frame = new_frame(), address = new_page_address(), reading = copied(frame, rights(READ));

        for (word mask = 0; mask <= 3; mask++) {
                word reach = mask & READ ? 1 + (mask & WRITE) : 0;

                EQ(access_with(frame, mask), reach);
                EQ(access_with(reading, mask), reach ? 1 : 0); /* never more than the source */
        }
        OK(map_at(frame, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        word copy = minted(frame, SOME_DATA, seL4_AllRights), elsewhere = new_page_address();
        OK(map_at(copy, elsewhere, seL4_AllRights, seL4_ARM_Default_VMAttributes)); /* so it was not mapped */
        EQ(seL4_ARM_Page_Map(frame, VSPACE, elsewhere, seL4_AllRights, 0), seL4_InvalidArgument);
}
