/* SPDX-License-Identifier: BSD-2-Clause */
/* CNode invocations: their checks in order, and what they do to slots. */
#include "obj_common.h"

enum { GUARDED = 0x15, GUARD_SIZE = 5, NODE_BITS = 4 };

TEST(obj_cnode_labels, "OBJ-6.1 OBJ-17.20")
{
        static const word labels[] = {0,         1,   TCBSuspend, CNodeRevoke - 1, CNodeRotate + 1,
                                      IRQAckIRQ, 999, 1ul << 40};
        word ep = new_endpoint();

        for (word i = 0; i < sizeof labels / sizeof *labels; i++) {
                EXPECT(illegal(), ROOT, labels[i], 0); /* before the length is looked at */
                EXPECT(illegal(), ROOT, labels[i], 2, {ep, 64});
        }
        CHECK(there(ep));
        send_question((word)seL4_SysSend, &(struct question){ROOT, 0, 2, {ep, 64}});
        send_question((word)seL4_SysNBSend, &(struct question){ROOT, 0, 2, {ep, 64}});
        CHECK(there(ep));
}

TEST(obj_cnode_common_checks, "OBJ-6.2 OBJ-6.3")
{
        for (word label = CNodeRevoke; label <= CNodeRotate; label++) {
                EXPECT(truncated(), ROOT, label, 0);
                EXPECT(truncated(), ROOT, label, 1, {0});
                EXPECT(range_error(1, 64), ROOT, label, 2, {0, 0});
                EXPECT(bad_guard(0, 64, 0, 64 - radix()), ROOT, label, 2, {1ul << 63, 64});
                EXPECT(bad_depth(0, 60, 64), ROOT, label, 2, {0, 60});
        }
}

TEST(obj_empty_slots, "OBJ-17.2 OBJ-6.3.4")
{
        word empty = new_slot(), ep = new_endpoint();

        EXPECT(done(), ROOT, CNodeRevoke, 2, {empty, 64});
        EXPECT(done(), ROOT, CNodeDelete, 2, {empty, 64});
        EXPECT(illegal(), ROOT, CNodeCancelBadgedSends, 2, {empty, 64});
        EXPECT(done(), ROOT, CNodeCancelBadgedSends, 2, {ep, 64});
        EXPECT(done(), ROOT, CNodeDelete, 2, {ep, 64});
        EXPECT(done(), ROOT, CNodeDelete, 2, {ep, 64});
        CHECK(!there(ep));
}

TEST(obj_cancel_needs_all_rights, "OBJ-6.3.4")
{
        word ep = new_endpoint();

        for (word mask = 0; mask <= MASK_ALL; mask++) {
                word cap = minted(ep, 1 + mask, (seL4_CapRights_t){{mask}});

                EXPECT(mask == MASK_ALL ? done() : illegal(), ROOT, CNodeCancelBadgedSends, 2, {cap, 64});
        }
        EXPECT(illegal(), ROOT, CNodeCancelBadgedSends, 2, {new_notification(), 64});
        EXPECT(illegal(), ROOT, CNodeCancelBadgedSends, 2, {sample(S_TCB), 64});
}

/* Two callers and a sender on badge 1 or 2, one caller whose fault is pending; then badge 1 is cancelled. */
TEST(obj_cancel_aborts_one_badge, "OBJ-17.5 OBJ-15.2.r4 OBJ-15.2.r7")
{
        static struct agent caller, sender, other, faulter;
        word ep = new_endpoint(), one = minted(ep, 1, seL4_AllRights), two = minted(ep, 2, seL4_AllRights);
        word one_too = copied(one, seL4_AllRights), reply = new_reply();

        agent_make(&caller, LOW);
        agent_make(&sender, LOW);
        agent_make(&other, LOW);
        agent_make(&faulter, LOW);
        does_call(&caller, one_too, info_word(0, 0, 0));
        does_send(&sender, one_too, info_word(0, 0, 0));
        does_call(&other, two, info_word(0x22, 0, 0));
        OK(seL4_TCB_SetSpace(faulter.h.tcb, one, ROOT, 0, VSPACE, 0));
        does_call(&faulter, unresolvable(), info_word(0, 0, 0));
        agent_run(&caller);
        agent_run(&sender);
        agent_run(&other);
        agent_run(&faulter);
        OK(seL4_CNode_Revoke(AT(one)));
        CHECK(!there(one_too) && there(one));
        CHECK(agent_is(&caller, 0)); /* deleting a cap that is not the last leaves those blocked through it */
        EXPECT(done(), ROOT, CNodeCancelBadgedSends, 2, {one, 64});
        CHECK(agent_is(&caller, 1));
        EQ(agent_out(&caller, 0)[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(agent_out(&caller, 0)[2], 0);
        CHECK(agent_is(&sender, 1)); /* its Send says nothing */
        CHECK(agent_is(&other, 0));
        struct message m = poll_message(ep, reply);
        EQ(m.badge, 2);
        EQ(m.label, 0x22);
        CHECK(!poll_message(ep, new_reply()).any); /* the fault message went with its badge */
        OK(seL4_TCB_SetSpace(faulter.h.tcb, two, ROOT, 0, VSPACE, 0));
        OK(seL4_TCB_Resume(faulter.h.tcb));
        m = poll_message(ep, new_reply());
        EQ(m.label, seL4_Fault_CapFault); /* the instruction was executed again */
        EQ(m.badge, 2);
}

TEST(obj_transfer_checks, "OBJ-6.7.4 OBJ-6.7.5 OBJ-6.7.6 OBJ-6.7.7 OBJ-6.7.8")
{
        static const word wanted_length[] = {5, 6, 4, 5}; /* Copy, Mint, Move, Mutate */
        word full = new_endpoint(), empty = new_slot(), to = new_slot(), tcb = sample(S_TCB);

        for (word i = 0; i < 4; i++) {
                word label = CNodeCopy + i;

                EXPECT(truncated(), ROOT, label, 3, {to, 64, tcb}, 1, {ROOT});
                EXPECT(truncated(), ROOT, label, 6,
                       {full, 64, tcb, 64, MASK_ALL, 0}); /* before DeleteFirst */
                EXPECT(delete_first(), ROOT, label, 4, {full, 64, empty, 64}, 1, {ROOT});
                EXPECT(delete_first(), ROOT, label, 4, {full, 64, tcb, 0}, 1, {ROOT});
                EXPECT(bad_root(1), ROOT, label, 4, {to, 64, tcb, 64}, 1, {tcb});
                EXPECT(range_error(1, 64), ROOT, label, 4, {to, 64, tcb, 0}, 1, {ROOT});
                EXPECT(missing(1, 64), ROOT, label, 4, {to, 64, empty, 64}, 1, {ROOT});
                if (wanted_length[i] > 4)
                        EXPECT(truncated(), ROOT, label, wanted_length[i] - 1, {to, 64, tcb, 64, MASK_ALL}, 1,
                               {ROOT});
                EXPECT(done(), ROOT, label, wanted_length[i], {to, 64, tcb, 64, MASK_ALL, 0}, 1, {ROOT});
                EQ(there(tcb), i < 2); /* Copy and Mint leave the source */
                CHECK(there(to));
                EXPECT(done(), ROOT, CNodeDelete, 2, {to, 64});
                if (i >= 2)
                        tcb = sample(S_TCB);
        }
}

TEST(obj_length_is_checked_before_the_cap, "OBJ-6.7.8 OBJ-6.7.9 OBJ-6.7.10")
{
        word to = new_slot(), badged = minted(new_endpoint(), 3, seL4_AllRights), ut = new_untyped(12),
             node = new_node(4);

        OK(retyped(ut, seL4_EndpointObject, 0, new_slot()));
        EXPECT(truncated(), ROOT, CNodeMint, 5, {to, 64, badged, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(truncated(), ROOT, CNodeCopy, 4, {to, 64, ut, 64}, 1, {ROOT});
        EXPECT(revoke_first(), ROOT, CNodeCopy, 5, {to, 64, ut, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(revoke_first(), ROOT, CNodeMint, 6, {to, 64, ut, 64, MASK_ALL, 0}, 1, {ROOT});
        EXPECT(illegal(), ROOT, CNodeCopy, 5, {to, 64, seL4_CapIRQControl, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(illegal(), ROOT, CNodeMint, 6, {to, 64, badged, 64, MASK_ALL, 4}, 1, {ROOT});
        EXPECT(illegal(), ROOT, CNodeMint, 6, {to, 64, node, 64, MASK_ALL, data_word(0, 61)}, 1, {ROOT});
        EXPECT(illegal(), ROOT, CNodeMutate, 5, {to, 64, node, 64, data_word(0, 61)}, 1, {ROOT});
        EXPECT(illegal(), ROOT, CNodeMutate, 5, {to, 64, badged, 64, 0}, 1, {ROOT});
        CHECK(!there(to) && there(badged) && there(ut) && there(node));
        EXPECT(done(), ROOT, CNodeMint, 6, {to, 64, node, 64, MASK_ALL, data_word(0, 60)}, 1, {ROOT});
}

TEST(obj_move_onto_itself, "OBJ-17.1 OBJ-6.7.5")
{
        word ep = new_endpoint(), empty = new_slot();

        EXPECT(delete_first(), ROOT, CNodeMove, 4, {ep, 64, ep, 64}, 1, {ROOT});
        EXPECT(missing(1, 64), ROOT, CNodeMove, 4, {empty, 64, empty, 64}, 1, {ROOT});
        EXPECT(delete_first(), ROOT, CNodeCopy, 5, {ep, 64, empty, 64, MASK_ALL}, 1, {ROOT});
}

TEST(obj_rotate_checks, "OBJ-6.8.4 OBJ-6.8.5 OBJ-6.8.6 OBJ-6.8.7 OBJ-6.8.8 OBJ-6.8.9 OBJ-6.8.10 OBJ-18.1")
{
        word to = new_slot(), none = new_slot(), empty = new_slot(), a = sample(S_TCB), b = sample(S_TCB);
        word guard_bits = 64 - radix();

        EXPECT(truncated(), ROOT, CNodeRotate, 7, {to, 64, 0, a, 64, 0, b}, 2, {ROOT, ROOT});
        EXPECT(truncated(), ROOT, CNodeRotate, 8, {to, 64, 0, a, 64, 0, b, 64}, 1, {ROOT});
        EXPECT(truncated(), ROOT, CNodeRotate, 8, {to, 64, 0, a, 64, 0, b, 64});
        EXPECT(bad_root(1), ROOT, CNodeRotate, 8, {to, 64, 0, a, 0, 0, b, 0}, 2,
               {b, a}); /* the source first */
        EXPECT(bad_guard(1, 9, 0, guard_bits), ROOT, CNodeRotate, 8, {to, 64, 0, a, 8, 0, b, 9}, 2,
               {ROOT, ROOT});
        EXPECT(bad_guard(1, 8, 0, guard_bits), ROOT, CNodeRotate, 8, {to, 64, 0, a, 8, 0, b, 64}, 2,
               {ROOT, ROOT});
        EXPECT(range_error(1, 64), ROOT, CNodeRotate, 8, {to, 64, 0, a, 0, 0, b, 64}, 2, {ROOT, ROOT});
        EXPECT(illegal(), ROOT, CNodeRotate, 8, {to, 64, 0, none, 64, 0, none, 64}, 2, {ROOT, ROOT});
        EXPECT(illegal(), ROOT, CNodeRotate, 8, {a, 64, 0, a, 64, 0, b, 64}, 2, {ROOT, ROOT});
        EXPECT(illegal(), ROOT, CNodeRotate, 8, {to, 64, 0, a, 64, 0, a, 64}, 2, {ROOT, ROOT});
        EXPECT(delete_first(), ROOT, CNodeRotate, 8, {a, 64, 0, none, 64, 0, empty, 64}, 2, {ROOT, ROOT});
        EXPECT(missing(1, 64), ROOT, CNodeRotate, 8, {to, 64, 0, none, 64, 0, empty, 64}, 2, {ROOT, ROOT});
        EXPECT(missing(1, 64), ROOT, CNodeRotate, 8, {to, 64, 0, none, 64, 0, to, 64}, 2, {ROOT, ROOT});
        EXPECT(missing(0, 64), ROOT, CNodeRotate, 8, {to, 64, 0, none, 64, 0, a, 64}, 2, {ROOT, ROOT});
        CHECK(there(a) && there(b) && !there(to) && !there(none));
}

TEST(obj_rotate_data, "OBJ-6.8.11 OBJ-18.2")
{
        word to = new_slot(), a = sample(S_TCB), ep = new_endpoint(), ntfn = new_notification(),
             node = new_node(NODE_BITS);
        const word bad[] = {ep, ntfn};

        for (word i = 0; i < 2; i++) {
                EXPECT(illegal(), ROOT, CNodeRotate, 8, {to, 64, 0, a, 64, 0, bad[i], 64}, 2, {ROOT, ROOT});
                EXPECT(illegal(), ROOT, CNodeRotate, 8, {to, 64, 0, bad[i], 64, 0, a, 64}, 2, {ROOT, ROOT});
                EXPECT(illegal(), ROOT, CNodeMutate, 5, {to, 64, bad[i], 64, 0}, 1, {ROOT});
                EXPECT(illegal(), ROOT, CNodeMutate, 5, {to, 64, bad[i], 64, 5}, 1, {ROOT});
        }
        EXPECT(illegal(), ROOT, CNodeRotate, 8, {to, 64, data_word(0, 61), node, 64, 0, a, 64}, 2,
               {ROOT, ROOT});
        EXPECT(illegal(), ROOT, CNodeRotate, 8, {to, 64, 0, a, 64, data_word(0, 61), node, 64}, 2,
               {ROOT, ROOT});
        EXPECT(done(), ROOT, CNodeRotate, 8, {to, 64, data_word(GUARDED, GUARD_SIZE), node, 64, 9, a, 64}, 2,
               {ROOT, ROOT});
        CHECK(!there(a)); /* the TCB is where the CNode was, the CNode in the new place with its guard */
        EXPECT(illegal(), node, 0, 0);
        EXPECT(bad_guard(0, 9, GUARDED, GUARD_SIZE), to, CNodeDelete, 2, {0, 9});
        EXPECT(done(), to, CNodeDelete, 2, {GUARDED << 4, 9});
        EXPECT(truncated(), node, TCBSetTLSBase, 0);
}

TEST(obj_rotate_of_tcbs, "OBJ-17.3 OBJ-4.3.r4")
{
        word a = sample(S_TCB), b = sample(S_TCB), to = new_slot(), second = new_slot(), empty[3];

        for (word i = 0; i < 3; i++)
                empty[i] = new_slot();
        OK(seL4_TCB_SetTLSBase(a, 0xaaaa));
        OK(seL4_TCB_SetTLSBase(b, 0xbbbb));
        OK(seL4_CNode_Mint(AT(to), AT(a), seL4_AllRights, 0));
        CHECK(there(a));
        OK(seL4_CNode_Delete(AT(a)));
        OK(seL4_CNode_Mutate(AT(a), AT(to), 0));
        CHECK(there(a) && !there(to));
        OK(seL4_CNode_Rotate(AT(second), 0, AT(b), 0, AT(a))); /* b to second, a to b's place */
        CHECK(!there(a));
        CHECK(there(b) && there(second));
        OK(seL4_CNode_Rotate(AT(b), 0, AT(second), 0, AT(b))); /* source = destination: swap */
        seL4_UserContext c;
        OK(seL4_TCB_ReadRegisters(second, 0, 0, 36, &c));
        EQ(c.tpidr_el0, 0xaaaa);
        OK(seL4_TCB_ReadRegisters(b, 0, 0, 36, &c));
        EQ(c.tpidr_el0, 0xbbbb);
        EQ(seL4_CNode_Rotate(AT(to), 0, AT(b), 0, AT(b)), seL4_IllegalOperation);
        EQ(seL4_CNode_Rotate(AT(empty[0]), 0, AT(empty[1]), 0, AT(empty[2])), seL4_FailedLookup);
}

/* Where a guard is replaced and where it is kept. */
TEST(obj_guard_zero, "OBJ-18.3 OBJ-4.3.r3")
{
        static struct agent a;
        word plain = new_node(NODE_BITS), guarded, cleared, moved = new_slot(), ntfn = new_notification();

        guarded = minted(plain, data_word(GUARDED, GUARD_SIZE), seL4_AllRights);
        OK(seL4_CNode_Mint(plain, 9, NODE_BITS, AT(ntfn), seL4_AllRights, 3));
        CHECK(there_in(guarded, GUARDED << 4 | 9, 9));
        CHECK(there_in(copied(guarded, seL4_NoRights), GUARDED << 4 | 9, 9)); /* Copy keeps it */
        cleared = minted(guarded, 0, seL4_AllRights);
        CHECK(there_in(cleared, 9, NODE_BITS));
        agent_make(&a, LOW);
        OK(seL4_CNode_Copy(plain, 0, NODE_BITS, AT(a.h.tcb), seL4_AllRights));
        does_send(&a, (word)GUARDED << 59 | 9ul << 55, info_word(0, 0, 0));
        does_send(&a, (word)GUARDED << 59 | 9ul << 55, info_word(0, 0, 0));
        OK(seL4_TCB_SetSpace(a.h.tcb, 0, guarded, 0, VSPACE, 0)); /* data 0 keeps it */
        agent_run(&a);
        CHECK(a.h.step == 2);
        EQ(poll_word(ntfn), 3);
        OK(seL4_CNode_Mutate(AT(moved), AT(guarded), 0));
        CHECK(there_in(moved, 9, NODE_BITS));
        OK(seL4_CNode_Mutate(AT(guarded), AT(moved), data_word(1, 1)));
        CHECK(there_in(guarded, 1 << 4 | 9, 5));
}
