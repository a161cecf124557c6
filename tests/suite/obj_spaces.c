/* SPDX-License-Identifier: BSD-2-Clause */
/* CSpaces exchanged under threads, operations that destroy their own means, and what is left of results that nobody gets.
 */
#include "obj_common.h"

enum { NODE_BITS = 4, PLACE = 9, SGI = 6, BADGE = 0x5 };

/* A second CSpace for the agent: its TCB in slot 0 as in the first, `cap` in slot PLACE. */
static word other_space(struct agent *a, word cap)
{
        word node = new_node(NODE_BITS);

        OK(seL4_CNode_Copy(node, 0, NODE_BITS, AT(a->h.tcb), seL4_AllRights));
        OK(seL4_CNode_Copy(node, PLACE, NODE_BITS, AT(cap), seL4_AllRights));
        return node;
}

static void swap_space(struct agent *a, word node)
{
        OK(seL4_TCB_SetSpace(a->h.tcb, 0, node, 0, VSPACE, 0));
}

TEST(obj_space_of_a_blocked_thread, "OBJ-17.12")
{
        static struct agent a;
        word ep = new_endpoint(), one = new_notification(), two = minted(one, BADGE, seL4_AllRights), node;

        agent_make(&a, LOW);
        node = agent_space(&a);
        OK(seL4_CNode_Copy(node, 1, NODE_BITS, AT(ep), seL4_AllRights));
        does_send(&a, top_slot(1), info_word(3, 0, 0));
        does_send(&a, top_slot(PLACE), info_word(0, 0, 0));
        agent_run(&a);
        swap_space(&a, other_space(&a, two));
        CHECK(agent_is(&a, 0)); /* still where it waited */
        EQ(poll_message(ep, new_reply()).label, 3);
        CHECK(agent_is(&a, 2));
        EQ(poll_word(one), BADGE); /* and the next address led into the new space */
}

TEST(obj_space_of_a_runnable_thread, "OBJ-17.12")
{
        static struct agent a;
        word one = new_notification();

        agent_make(&a, LOW);
        OK(seL4_CNode_Copy(agent_space(&a), PLACE, NODE_BITS, AT(one), seL4_AllRights));
        does_send(&a, top_slot(PLACE), info_word(0, 0, 0));
        agent_start(&a);
        swap_space(&a, other_space(&a, minted(one, BADGE, seL4_AllRights)));
        CHECK(agent_is(&a, 1));
        EQ(poll_word(one), BADGE);
}

TEST(obj_own_space, "OBJ-17.12 OBJ-8.8.5")
{
        static struct agent a;
        word one = new_notification(), node, next;
        word *in;

        agent_make(&a, LOW);
        node = agent_space(&a);
        next = other_space(&a, minted(one, BADGE, seL4_AllRights));
        OK(seL4_CNode_Copy(node, 2, NODE_BITS, AT(next), seL4_AllRights));
        OK(seL4_CNode_Copy(node, 3, NODE_BITS, AT(VSPACE), seL4_AllRights));
        /* A CNode can only be named where the address ends: a guard of 60 bits makes the first space end at once. */
        OK(seL4_TCB_SetSpace(a.h.tcb, 0, node, data_word(0, 60), VSPACE, 0));
        in = does_call(&a, 0, info_word(TCBSetSpace, 3, 2));
        in[2] = in[3] = 0;
        does_send(&a, top_slot(PLACE), info_word(0, 0, 0));
        agent_buffer(&a)->caps_or_badges[0] = 5;
        agent_buffer(&a)->caps_or_badges[1] = 2;
        agent_buffer(&a)->caps_or_badges[2] = 3;
        agent_run(&a);
        CHECK(agent_is(&a, 2));
        EQ(agent_out(&a, 0)[1], 0);
        EQ(poll_word(one), BADGE);
}

/* The old CSpace stays alive by the cap in the TCB and dies with that. */
TEST(obj_space_dies_with_its_last_thread, "OBJ-8.8.2 OBJ-14.2.r3")
{
        word ut = new_untyped(12), node = new_slot(), spare = new_slot(), tcb = sample(S_TCB),
             again = sample(S_TCB);

        OK(retyped(ut, seL4_CapTableObject, NODE_BITS, node));
        OK(seL4_TCB_SetSpace(tcb, 0, node, 0, VSPACE, 0));
        OK(seL4_TCB_SetSpace(tcb, 0, ROOT, 0, VSPACE, 0)); /* another cap is left: allowed */
        OK(seL4_TCB_SetSpace(tcb, 0, node, 0, VSPACE, 0));
        OK(seL4_TCB_SetSpace(again, 0, node, 0, VSPACE, 0));
        OK(seL4_CNode_Delete(AT(node)));
        OK(seL4_TCB_SetSpace(again, 0, ROOT, 0, VSPACE, 0)); /* the first one's cap is left */
        EXPECT(illegal(), tcb, TCBSetSpace, 2, {0, 0}, 3, {0, ROOT, VSPACE});
        EQ(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights), seL4_RevokeFirst);
        OK(seL4_CNode_Delete(AT(tcb)));
        OK(seL4_CNode_Revoke(AT(ut))); /* the CNode was only detached: a container in a container */
        OK(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights));
}

/* The last cap to the caller is deleted by its own call, which never returns. */
TEST(obj_deletes_itself, "OBJ-14.2.r3")
{
        static const word labels[] = {CNodeDelete, CNodeRevoke};
        static struct agent a;

        for (word i = 0; i < 2; i++) {
                agent_make(&a, LOW);
                word *in = does_call(&a, ROOT, info_word(labels[i], 0, 2));
                word source = a.h.tcb;

                if (i == 1) { /* an untyped that the TCB was made from */
                        source = new_untyped(12);
                        OK(seL4_TCB_Suspend(a.h.tcb));
                        OK(seL4_SchedContext_Unbind(a.h.sc));
                        OK(seL4_CNode_Delete(AT(a.h.tcb)));
                        OK(retyped(source, seL4_TCBObject, 0, a.h.tcb));
                        OK(seL4_TCB_Configure(a.h.tcb, ROOT, 0, VSPACE, 0, a.h.buffer, a.h.frame));
                        OK(seL4_TCB_SetSchedParams(a.h.tcb, seL4_CapInitThreadTCB, 255, LOW, a.h.sc, 0));
                }
                in[2] = source, in[3] = 64;
                agent_run(&a);
                CHECK(agent_is(&a, 0));
                CHECK(!there(a.h.tcb));
                OK(seL4_SchedContext_Bind(a.h.sc, sample(S_TCB)));
        }
}

/* The slot that is revoked is itself deleted by the revoke: a CNode, made from an untyped, that holds the cap to that untyped. */
TEST(obj_revoked_slot_is_deleted_on_the_way, "OBJ-5.2.r1")
{
        word ut = new_untyped(14), node = new_slot(), ep = new_slot();

        OK(retyped(ut, seL4_EndpointObject, 0, ep));
        OK(retyped(ut, seL4_CapTableObject, NODE_BITS, node));
        OK(seL4_CNode_Move(node, 3, NODE_BITS, AT(ut)));
        EQ(seL4_CNode_Revoke(node, 3, NODE_BITS), seL4_NoError);
        CHECK(!there(node) && !there(ut));
        /* "front to back": the CNode was made last and went first, and with it the right to go on. */
        CHECK(there(ep));
        OK(seL4_CNode_Delete(AT(ep)));
}

/* Results that Send cannot deliver are lost; the effects are not. */
TEST(obj_send_has_effects, "OBJ-2.1.5 OBJ-8.4.3")
{
        static struct agent a;
        word ntfn = new_notification();
        seL4_SchedContext_Consumed_t used;

        agent_make(&a, LOW);
        does_wait(&a, ntfn);
        does_send(&a, ntfn, info_word(0, 0, 0));
        agent_start(&a);
        spin_us(20);
        let_run();
        send_question((word)seL4_SysNBSend, &(struct question){a.h.tcb, TCBReadRegisters, 2, {1, 36}});
        seL4_Signal(ntfn);
        CHECK(agent_is(&a, 0)); /* suspended */
        send_question((word)seL4_SysSend, &(struct question){a.h.sc, SchedContextConsumed, 0});
        used = seL4_SchedContext_Consumed(a.h.sc);
        OK(used.error);
        EQ(used.consumed, 0); /* the counter had been read */
}

/* An interrupt fires once until it is acknowledged; without a notification it is dropped. */
TEST(obj_interrupt_waits_for_ack, "OBJ-14.3.r5 OBJ-17.19")
{
        word handler = new_slot(), signal = new_slot(), ntfn = new_notification();

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, SGI, ROOT, handler, 64));
        OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, SGI, 0, ROOT, signal, 64));
        OK(seL4_IRQHandler_SetNotification(handler, minted(ntfn, BADGE, seL4_AllRights)));
        seL4_Signal(signal); /* Get has unmasked it */
        let_run();
        EQ(poll_word(ntfn), BADGE);
        OK(seL4_IRQHandler_Ack(handler));
        let_run();
        EQ(poll_word(ntfn), 0);
        OK(seL4_IRQHandler_Clear(handler));
        seL4_Signal(signal);
        let_run();
        OK(seL4_IRQHandler_SetNotification(handler, ntfn));
        OK(seL4_IRQHandler_Ack(handler));
        let_run();
        EQ(poll_word(ntfn), 0); /* the event was dropped, not kept */
        OK(seL4_IRQHandler_SetNotification(handler, minted(ntfn, BADGE + 1, seL4_AllRights)));
        seL4_Signal(signal);
        let_run();
        EQ(poll_word(ntfn), BADGE + 1);
}
