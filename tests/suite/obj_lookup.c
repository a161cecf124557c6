/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an address leads: resolution in CNodes, slots by index and depth, and who is told of a failure. */
#include "obj_common.h"

enum { NODE_BITS = 4, NODE_SLOTS = 16 };

TEST(obj_guard_of_the_root, "OBJ-3.1.1 OBJ-3.1.2 OBJ-3.2.3")
{
        word guard_bits = 64 - radix();

        EXPECT(bad_guard(0, 10, 0, guard_bits), ROOT, CNodeDelete, 2, {new_slot(), 10});
        EXPECT(bad_guard(0, guard_bits - 1, 0, guard_bits), ROOT, CNodeDelete, 2, {0, guard_bits - 1});
        EXPECT(bad_depth(0, guard_bits, 64), ROOT, CNodeDelete, 2, {0, guard_bits});
        EXPECT(bad_depth(0, 60, 64), ROOT, CNodeDelete, 2, {0, 60});
        EXPECT(bad_guard(0, 64, 0, guard_bits), ROOT, CNodeDelete, 2, {1ul << 63 | new_slot(), 64});
        EXPECT(bad_guard(0, 64, 0, guard_bits), ROOT, CNodeDelete, 2, {1ul << radix(), 64});
}

TEST(obj_guard_value, "OBJ-3.1.1 OBJ-3.1.3 OBJ-3.2.3")
{
        word plain = new_node(NODE_BITS), node = minted(plain, data_word(5, 3), seL4_AllRights);

        EXPECT(bad_guard(0, 7, 5, 3), node, CNodeDelete, 2, {4 << 4 | 2, 7});
        EXPECT(bad_guard(0, 2, 5, 3), node, CNodeDelete, 2, {5, 2});
        EXPECT(bad_depth(0, 6, 7), node, CNodeDelete, 2, {5 << 3, 6});
        OK(seL4_CNode_Copy(plain, 9, NODE_BITS, AT(new_endpoint()), seL4_AllRights));
        CHECK(there_in(node, 5 << 4 | 9, 7));
        CHECK(there_in(node, 0xff00 | 5 << 4 | 9, 7)); /* only seven bits take part */
        EXPECT(done(), node, CNodeDelete, 2, {5 << 4 | 9, 7});
        CHECK(!there_in(plain, 9, NODE_BITS));
}

TEST(obj_resolution_steps, "OBJ-3.1.2 OBJ-3.1.3 OBJ-3.1.4 OBJ-3.1.5 OBJ-3.1.6 OBJ-3.2.4 OBJ-17.4")
{
        word outer = new_node(NODE_BITS), inner = new_node(NODE_BITS);

        EXPECT(bad_depth(0, 3, 4), outer, CNodeDelete, 2, {0, 3});
        OK(seL4_CNode_Copy(outer, 2, 4, AT(inner), seL4_AllRights));
        OK(seL4_CNode_Copy(inner, 3, 4, AT(new_endpoint()), seL4_AllRights));
        CHECK(there_in(outer, 2 << 4 | 3, 8)); /* on through the inner CNode */
        CHECK(!there_in(outer, 2 << 4 | 4, 8));
        EXPECT(bad_depth(0, 3, 4), outer, CNodeDelete, 2, {2 << 3, 7});
        EXPECT(bad_depth(0, 1, 0), outer, CNodeDelete, 2, {2 << 5 | 3 << 1, 9});
        EXPECT(bad_depth(0, 1, 0), outer, CNodeDelete, 2, {5 << 1, 5}); /* an empty slot in the way */
        EXPECT(done(), outer, CNodeDelete, 2, {2, 4}); /* the CNode cap itself, not what is in it */
        CHECK(!there_in(outer, 2, 4));
        CHECK(there_in(inner, 3, 4));
}

TEST(obj_slot_address_checks, "OBJ-3.2.1 OBJ-3.2.2 OBJ-3.2.4 OBJ-3.4.r2")
{
        word ep = new_endpoint(), to = new_slot();

        EXPECT(bad_root(1), ROOT, CNodeMove, 4, {to, 64, 1, 64}, 1, {ep});
        EXPECT(bad_root(1), ROOT, CNodeMove, 4, {to, 64, 1, 0}, 1, {ep}); /* root before depth */
        EXPECT(bad_root(0), test_untyped(), UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 64, 0, 1}, 1, {ep});
        EXPECT(bad_root(0), seL4_CapIRQControl, IRQIssueIRQHandler, 3, {91, to, 64}, 1, {ep});
        EXPECT(range_error(1, 64), ROOT, CNodeDelete, 2, {to, 0});
        EXPECT(range_error(1, 64), ROOT, CNodeDelete, 2, {to, 65});
        EXPECT(range_error(1, 64), ROOT, CNodeDelete, 2, {to, 64 + 256}); /* the whole word */
        EXPECT(range_error(1, 64), ROOT, CNodeMove, 4, {to, 64, ep, 1ul << 32 | 64}, 1, {ROOT});
        CHECK(there(ep));
}

TEST(obj_lookup_source_flag, "OBJ-3.4.r2 OBJ-3.4.r3 OBJ-3.4.r4 OBJ-3.4.r5")
{
        word to = new_slot(), empty = new_slot(), ep = new_endpoint(), tcb = sample(S_TCB),
             guard_bits = 64 - radix();
        word node = new_node(NODE_BITS);

        EXPECT(bad_guard(1, 10, 0, guard_bits), ROOT, CNodeCopy, 5, {to, 64, ep, 10, MASK_ALL}, 1, {ROOT});
        EXPECT(missing(1, 64), ROOT, CNodeCopy, 5, {to, 64, empty, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(missing(1, NODE_BITS), ROOT, CNodeMove, 4, {to, 64, 3, NODE_BITS}, 1, {node});
        EXPECT(missing(0, 64), ROOT, CNodeRotate, 8, {to, 64, 0, empty, 64, 0, tcb, 64}, 2, {ROOT, ROOT});
        EXPECT(missing(0, NODE_BITS), ROOT, CNodeRotate, 8, {to, 64, 0, 3, NODE_BITS, 0, tcb, 64}, 2,
               {node, ROOT});
        EXPECT(missing(0, 64), test_untyped(), UntypedRetype, 6, {seL4_EndpointObject, 0, ep, 64, 0, 1}, 1,
               {ROOT});
        EXPECT(missing(0, NODE_BITS), test_untyped(), UntypedRetype, 6,
               {seL4_EndpointObject, 0, 3, NODE_BITS, 0, 1}, 1, {node});
}

/* The failure of a cap's own address is a fault of the caller. */
static void cap_fault(struct agent *a, word reply, word address, word receiving)
{
        struct message m = fault_of(a, reply);

        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.length, 7);
        EQ(m.mr[seL4_CapFault_Addr], address);
        EQ(m.mr[seL4_CapFault_InRecvPhase], receiving);
        EQ(m.mr[seL4_CapFault_LookupFailureType], seL4_GuardMismatch);
        EQ(get_mr(seL4_CapFault_BitsLeft), 64);
        EQ(get_mr(seL4_CapFault_GuardMismatch_GuardFound), 0);
        EQ(get_mr(seL4_CapFault_GuardMismatch_BitsFound), root_guard_bits());
}

TEST(obj_invoked_cap_unresolvable, "OBJ-2.1.1 OBJ-3.4.r1 OBJ-15.2.r8")
{
        static const seL4_Syscall_ID numbers[] = {seL4_SysCall, seL4_SysSend};
        static struct agent a[2];

        for (word i = 0; i < 2; i++) {
                agent_make(&a[i], LOW);
                agent_watch(&a[i]);
                does(&a[i], numbers[i], unresolvable(), info_word(CNodeDelete, 0, 2));
                agent_run(&a[i]);
                cap_fault(&a[i], new_reply(), unresolvable(), 0);
                EQ(a[i].h.step, 0);
        }
}

TEST(obj_invoked_cap_unresolvable_nonblocking, "OBJ-2.1.1")
{
        static struct agent a;
        word ntfn = minted(new_notification(), 5, seL4_AllRights);

        agent_make(&a, LOW);
        agent_watch(&a);
        does(&a, seL4_SysNBSend, unresolvable(), info_word(CNodeDelete, 0, 2));
        does_nbsend_wait(&a, unresolvable(), info_word(CNodeDelete, 0, 2), ntfn);
        seL4_Signal(ntfn);
        agent_run(&a);
        CHECK(agent_is(&a, 2));
        EQ(agent_out(&a, 1)[0], 5); /* went on to its receive phase */
}

TEST(obj_extra_caps_in_order, "OBJ-2.1.2 OBJ-3.4.r1")
{
        static struct agent a;
        word bad = unresolvable(), reply = new_reply(), to = new_slot();
        word *in;

        agent_make(&a, LOW);
        agent_watch(&a);
        in = does_call(&a, ROOT, info_word(CNodeMove, 3, 4));
        in[2] = to, in[3] = 64, in[4] = a.h.sc, in[5] = 64;
        agent_buffer(&a)->caps_or_badges[0] = ROOT;
        agent_buffer(&a)->caps_or_badges[1] = bad;
        agent_buffer(&a)->caps_or_badges[2] = bad + 1;
        agent_run(&a);
        cap_fault(&a, reply, bad, 0);
        CHECK(there(a.h.sc));                    /* nothing was moved */
        agent_buffer(&a)->caps_or_badges[1] = 0; /* resolves: to an empty slot */
        answer(reply, 0, 0);
        cap_fault(&a, reply, bad + 1, 0);
        agent_buffer(&a)->caps_or_badges[2] = to;
        answer(reply, 0, 0);
        CHECK(agent_is(&a, 1));
        CHECK(there(to));
}

TEST(obj_without_buffer, "OBJ-2.1.2 OBJ-2.1.3 OBJ-14.3.r3")
{
        static struct agent a;
        word ep = new_endpoint(), reply = new_reply(), victim = sample(S_TCB);
        word *in;

        agent_make(&a, LOW);
        in = does_call(&a, ROOT, info_word(CNodeMove, 1, 4)); /* no extra cap, whatever the buffer names */
        in[2] = new_slot(), in[3] = 64, in[4] = victim, in[5] = 64;
        agent_buffer(&a)->caps_or_badges[0] = unresolvable();
        in = does_call(&a, victim, info_word(TCBWriteRegisters, 0, 7)); /* five registers in four words */
        in[2] = 0, in[3] = 5;
        does_send(&a, ep, info_word(1, 0, 100));
        OK(seL4_TCB_SetIPCBuffer(a.h.tcb, 0, 0));
        agent_run(&a);
        struct message m = poll_message(ep, reply);
        CHECK(m.any);
        EQ(m.length, 4);
        CHECK(agent_is(&a, 3));
        EQ(agent_out(&a, 0)[1], info_word(seL4_TruncatedMessage, 0, 0));
        EQ(agent_out(&a, 1)[1], info_word(seL4_TruncatedMessage, 0, 0));
        CHECK(there(victim));
}

TEST(obj_longest_message, "OBJ-2.1.3")
{
        static struct agent a;
        word ep = new_endpoint(), reply = new_reply();

        agent_make(&a, LOW);
        does_send(&a, ep, info_word(1, 0, 127));
        for (word i = 4; i < LONGEST; i++)
                agent_buffer(&a)->msg[i] = MARK(i);
        agent_run(&a);
        struct message m = poll_message(ep, reply);
        EQ(m.length, LONGEST);
        EQ(get_mr(LONGEST - 1), MARK(LONGEST - 1));
}

TEST(obj_receive_phase_lookup, "OBJ-3.4.r6")
{
        static struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does_recv(&a, unresolvable(), new_reply());
        agent_run(&a);
        cap_fault(&a, new_reply(), unresolvable(), 1);
}

TEST(obj_left_over_bits, "OBJ-3.1.6 OBJ-3.2.4 OBJ-18.15")
{
        static struct agent a;
        word ntfn = new_notification(), node;

        agent_make(&a, LOW);
        node = agent_space(&a);
        OK(seL4_CNode_Mint(node, 9, 4, AT(ntfn), seL4_AllRights, 4));
        does_send(&a, top_slot(9) | 0xabcdef0123, info_word(0, 0, 0));
        agent_run(&a);
        CHECK(agent_is(&a, 1));
        EQ(poll_word(ntfn), 4);
        EXPECT(bad_depth(0, 36, 0), node, CNodeDelete, 2, {9ul << 36 | 0xabcdef01, 40});
        CHECK(there_in(node, 9, 4));
}

enum { DEEP = 64 };

TEST(obj_deep_cspace, "OBJ-3.1.5 OBJ-17.4 OBJ-2.2.r1")
{
        static struct agent a;
        word node[DEEP], ntfn = new_notification();

        agent_make(&a, LOW);
        for (word i = 0; i < DEEP; i++) {
                node[i] = new_node(1);
                if (i)
                        OK(seL4_CNode_Copy(node[i - 1], 1, 1, AT(node[i]), seL4_AllRights));
        }
        OK(seL4_CNode_Copy(node[0], 0, 1, AT(a.h.tcb), seL4_AllRights));
        OK(seL4_CNode_Mint(node[DEEP - 1], 1, 1, AT(ntfn), seL4_AllRights, 77));
        OK(seL4_TCB_SetSpace(a.h.tcb, 0, node[0], 0, VSPACE, 0));
        does_send(&a, ~0ul, info_word(0, 0, 0));
        does_call(&a, ~1ul, info_word(CNodeDelete, 0, 2));              /* slot 0 of the last */
        does_call(&a, 1ul << 63 | 12345, info_word(CNodeDelete, 0, 2)); /* slot 0 of the second */
        agent_run(&a);
        CHECK(agent_is(&a, 3));
        EQ(poll_word(ntfn), 77);
        for (word i = 1; i < 3; i++) {
                EQ(agent_out(&a, i)[1], info_word(seL4_InvalidCapability, 0, 1));
                EQ(agent_out(&a, i)[2], 0);
        }
        CHECK(there_in(node[0], ~0ul, 64));
        CHECK(!there_in(node[0], ~1ul, 64));
}

TEST(obj_own_root_is_no_cnode, "OBJ-14.3.r1 OBJ-15.2.r8")
{
        static struct agent a;
        word node, reply = new_reply(), ntfn = new_notification();

        agent_make(&a, LOW);
        node = agent_space(&a);
        OK(seL4_CNode_Copy(node, 9, 4, AT(ntfn), seL4_AllRights));
        does_call(&a, top_slot(9), info_word(0, 0, 0));
        OK(seL4_CNode_Revoke(AT(node))); /* takes the cap in the TCB away */
        CHECK(there(node));
        agent_run(&a);
        struct message m = fault_of(&a, reply);
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.mr[seL4_CapFault_Addr], top_slot(9));
        EQ(m.mr[seL4_CapFault_LookupFailureType], seL4_InvalidRoot);
        EQ(m.length, 4);
        OK(seL4_TCB_SetSpace(a.h.tcb, 0, node, 0, VSPACE, 0));
        answer(reply, 0, 0);
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[1], 0);
}
