/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens to threads, bindings and memory when an object dies. */
#include "obj_common.h"

enum { OWN = seL4_CapInitThreadTCB, NODE_BITS = 4 };
static const word HOUR_US = 3600000000;

static word resume(struct agent *a)
{
        return (word)seL4_TCB_Resume(a->h.tcb);
}

static void expect_missing(struct agent *a, word cap)
{
        struct message m = fault_of(a, new_reply());

        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.mr[seL4_CapFault_Addr], cap);
        EQ(m.mr[seL4_CapFault_InRecvPhase], 1);
        EQ(m.mr[seL4_CapFault_LookupFailureType], seL4_MissingCapability);
}

TEST(obj_endpoint_with_senders_dies, "OBJ-14.2.r1 OBJ-15.2.r4 OBJ-15.2.r7")
{
        static struct agent sender, caller, faulter;
        word ep = new_endpoint();

        agent_make(&sender, LOW);
        agent_make(&caller, LOW);
        agent_make(&faulter, LOW);
        does_send(&sender, ep, info_word(1, 0, 0));
        does_call(&caller, ep, info_word(2, 0, 0));
        OK(seL4_TCB_SetSpace(faulter.h.tcb, copied(ep, seL4_AllRights), ROOT, 0, VSPACE, 0));
        does_call(&faulter, unresolvable(), info_word(3, 0, 0));
        agent_run(&sender);
        agent_run(&caller);
        agent_run(&faulter);
        OK(seL4_CNode_Revoke(AT(ep)));
        CHECK(agent_is(&caller, 0)); /* caps to it are left */
        OK(seL4_CNode_Delete(AT(ep)));
        CHECK(agent_is(&sender, 1));
        EQ(agent_out(&sender, 0)[0], ep); /* no register changed */
        CHECK(agent_is(&caller, 1));
        EQ(agent_out(&caller, 0)[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(agent_out(&caller, 0)[2], 0);
        agent_watch(&faulter);
        CHECK(!poll_message(faulter.faults, new_reply()).any); /* inactive */
        OK(resume(&faulter));
        EQ(fault_of(&faulter, new_reply()).mr[seL4_CapFault_Addr], unresolvable());
}

TEST(obj_endpoint_with_receivers_dies, "OBJ-14.2.r1")
{
        static struct agent a, b;
        word ep = new_endpoint(), reply = new_reply();

        agent_make(&a, LOW);
        agent_make(&b, LOW);
        agent_watch(&a);
        agent_watch(&b);
        does_recv(&a, ep, reply);
        does_wait(&b, ep);
        agent_run(&a);
        agent_run(&b);
        OK(seL4_CNode_Delete(AT(ep)));
        expect_missing(&a, ep);
        expect_missing(&b, ep);
        CHECK(!poll_message(a.faults, reply).any); /* its reply object is free to be offered */
}

/* A slot that was used again meanwhile: the restarted call applies to what it holds now. */
TEST(obj_restart_meets_the_new_cap, "OBJ-14.2.r1 OBJ-15.2.r4")
{
        static struct agent a;
        word ep = new_endpoint(), other = new_endpoint();

        agent_make(&a, LOW);
        does_call(&a, ep, info_word(0x55, 0, 0));
        agent_run(&a);
        OK(seL4_CNode_Delete(AT(ep)));
        OK(seL4_CNode_Move(AT(ep), AT(other)));
        EQ(poll_message(ep, new_reply()).label, 0x55);
}

TEST(obj_notification_dies, "OBJ-14.2.r2 OBJ-15.2.r4")
{
        static struct agent waiter, bound;
        word ntfn = new_notification(), ep = new_endpoint(), sc = sample(S_SC);

        agent_make(&waiter, LOW);
        agent_make(&bound, LOW);
        agent_watch(&waiter);
        does_wait(&waiter, ntfn);
        does_recv(&bound, ep, new_reply());
        agent_run(&bound);
        agent_run(&waiter);
        OK(seL4_CNode_Delete(AT(ntfn)));
        expect_missing(&waiter, ntfn);
        word second = new_notification();
        OK(seL4_TCB_BindNotification(bound.h.tcb, second));
        OK(seL4_SchedContext_Bind(sc, second));
        OK(seL4_CNode_Delete(AT(second)));
        CHECK(agent_is(&bound, 0)); /* stays blocked */
        EXPECT(illegal(), bound.h.tcb, TCBUnbindNotification, 0);
        word third = new_notification();
        OK(seL4_SchedContext_Bind(sc, third));
        OK(seL4_TCB_BindNotification(bound.h.tcb, third));
        post(ep, 1, 0);
        CHECK(agent_is(&bound, 1));
}

TEST(obj_tcb_dies, "OBJ-14.2.r3 OBJ-17.16")
{
        static struct agent a;
        word ntfn = new_notification(), ut = new_untyped(12), handler = new_slot(), other = sample(S_TCB);

        OK(retyped(ut, seL4_EndpointObject, 0, handler));
        agent_make(&a, LOW);
        does_wait(&a, ntfn);
        OK(seL4_TCB_SetSpace(a.h.tcb, handler, ROOT, 0, VSPACE, 0));
        OK(seL4_TCB_SetTimeoutEndpoint(a.h.tcb, handler));
        OK(seL4_CNode_Delete(AT(handler)));
        agent_run(&a);
        word bound = new_notification();
        OK(seL4_TCB_BindNotification(a.h.tcb, bound));
        word copy = copied(a.h.tcb, seL4_AllRights);
        OK(seL4_CNode_Delete(AT(a.h.tcb)));
        EXPECT(illegal(), other, TCBBindNotification, 0, {0}, 1, {bound}); /* it lives by the other cap */
        OK(seL4_CNode_Delete(AT(copy)));
        OK(seL4_TCB_BindNotification(other, bound));
        OK(seL4_TCB_BindNotification(sample(S_TCB), ntfn)); /* nobody waits */
        OK(seL4_SchedContext_Bind(a.h.sc, other));
        OK(seL4_CNode_Copy(AT(handler), AT(ut), seL4_AllRights)); /* its caps went, too */
}

static void spins(word counter, word unused)
{
        (void)unused;
        for (;;) {
                ++*(volatile word *)counter;
                relax();
        }
}

/* Who yielded to a thread returns when that, or its scheduling context, is gone, or it is suspended. */
static void yield_completes(int how)
{
        static struct agent yielder;
        static struct helper target;
        static volatile word count;

        count = 0;
        helper_make(&target, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, target.sc, HOUR_US, HOUR_US, 0, 0,
                                            0));
        helper_start(&target, spins, (word)&count, 0);
        agent_make(&yielder, LOW);
        does_call(&yielder, target.sc, info_word(SchedContextYieldTo, 0, 0));
        agent_start(&yielder);
        sleep_us(2000);
        CHECK(count > 0);
        EQ(yielder.h.step, 0); /* it waits for its next turn, which the target does not give away */
        if (how == 0)
                OK(seL4_CNode_Delete(AT(target.tcb)));
        else if (how == 1)
                OK(seL4_CNode_Delete(AT(target.sc)));
        else
                OK(seL4_TCB_Suspend(target.tcb));
        CHECK(agent_is(&yielder, 1));
        EQ(agent_out(&yielder, 0)[1], info_word(0, 0, 1));
        CHECK(agent_out(&yielder, 0)[2] > 100); /* what the target used */
}

TEST(obj_yield_to_ends_with_its_target, "OBJ-14.2.r3 OBJ-14.2.r4")
{
        for (int how = 0; how < 3; how++)
                yield_completes(how);
}

/* A thread that waits for a reply of a dead thread keeps waiting for the reply object. */
TEST(obj_server_dies, "OBJ-14.2.r3 OBJ-17.16")
{
        static struct agent server, caller;
        word ep = new_endpoint(), reply = new_reply();

        agent_make(&server, MIDDLE);
        does_recv(&server, ep, reply);
        does_wait(&server, new_notification());
        agent_passive(&server);
        agent_make(&caller, LOW);
        does_call(&caller, ep, info_word(1, 0, 0));
        agent_run(&caller);
        EXPECT(illegal(), caller.h.sc, SchedContextBind, 0, {0}, 1, {sample(S_TCB)}); /* the server has it */
        OK(seL4_CNode_Delete(AT(server.h.tcb)));
        CHECK(agent_is(&caller, 0));
        word tcb = sample(S_TCB);
        OK(seL4_SchedContext_Bind(caller.h.sc, tcb)); /* free now */
        OK(seL4_SchedContext_UnbindObject(caller.h.sc, tcb));
        OK(seL4_SchedContext_Bind(caller.h.sc, caller.h.tcb));
        answer(reply, 9, 0);
        CHECK(agent_is(&caller, 1));
        EQ(agent_out(&caller, 0)[1], info_word(9, 0, 0));
}

/* The same for a thread that runs on the scheduling context of a notification. */
TEST(obj_thread_on_a_notifications_time_dies, "OBJ-14.2.r3 OBJ-17.16")
{
        static struct agent a;
        word ntfn = new_notification(), sc = new_sc(1000, 1000);

        agent_make(&a, LOW);
        does_wait(&a, ntfn);
        does_wait(&a, new_endpoint());
        agent_passive(&a);
        OK(seL4_SchedContext_Bind(sc, ntfn));
        OK(seL4_TCB_SetPriority(a.h.tcb, OWN, 0)); /* woken, it does not get to run */
        seL4_Signal(ntfn);
        EXPECT(illegal(), sc, SchedContextBind, 0, {0}, 1, {sample(S_TCB)});
        OK(seL4_CNode_Delete(AT(a.h.tcb)));
        OK(seL4_SchedContext_Bind(sc, sample(S_TCB)));
}

TEST(obj_sched_context_dies, "OBJ-14.2.r4 OBJ-17.16")
{
        static struct agent a, self;
        word ntfn = new_notification();

        agent_make(&a, LOW);
        does_wait(&a, ntfn);
        does_send(&a, ntfn, info_word(0, 0, 0));
        agent_run(&a);
        OK(seL4_CNode_Delete(AT(a.h.sc)));
        seL4_Signal(ntfn);
        CHECK(agent_is(&a, 0)); /* woken, but without time */
        OK(seL4_SchedContext_Bind(new_sc(1000, 1000), a.h.tcb));
        CHECK(agent_is(&a, 2));
        agent_make(&self, LOW);
        word *in = does_call(&self, ROOT, info_word(CNodeDelete, 0, 2));
        in[2] = self.h.sc, in[3] = 64;
        agent_run(&self);
        CHECK(agent_is(&self, 0));
        CHECK(!there(self.h.sc));
        OK(seL4_SchedContext_Bind(new_sc(1000, 1000), self.h.tcb));
        CHECK(agent_is(&self, 1));
        EQ(agent_out(&self, 0)[1], 0);
}

enum { ORDERED = 3 };
static volatile word finished[ORDERED], finished_count;

static void sends_once(word endpoint, word number)
{
        seL4_Send(endpoint, seL4_MessageInfo_new(0, 0, 0, 0));
        finished[finished_count++] = number;
}

/* Threads woken by one call go to the head of their queue: the one woken last runs first. */
TEST(obj_cnode_dies_from_the_top, "OBJ-14.2.r6")
{
        static struct helper h[ORDERED];
        word node = new_node(NODE_BITS);

        finished_count = 0;
        for (word i = 0; i < ORDERED; i++) {
                word at = (i * 5 + 5) % 16; /* slots 5, 10 and 15 */
                word ep = new_endpoint();

                spawn(&h[i], LOW, sends_once, ep, i);
                let_run();
                OK(seL4_CNode_Move(node, at, NODE_BITS, AT(ep)));
        }
        OK(seL4_CNode_Delete(AT(node)));
        let_run();
        EQ(finished_count, ORDERED);
        for (word i = 0; i < ORDERED; i++)
                EQ(finished[i], i);
}

static void reads(word address, word unused)
{
        (void)unused;
        (void)*(volatile word *)address;
}

/* Frames and page tables take their mappings along. */
TEST(obj_mapped_objects_die, "OBJ-14.2.r8")
{
        static struct helper h;

        for (int whole_table = 0; whole_table < 3; whole_table++) {
                word address = FAR_AWAY + 0x40000000ul * (word)whole_table, ep = new_endpoint(),
                     frame = new_frame();
                word first = frame + 1;

                OK(map_at(frame, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
                if (whole_table == 1) {
                        while (there(first + 1))
                                first++;
                        OK(seL4_CNode_Delete(AT(first))); /* the last level */
                } else if (whole_table == 2) {
                        OK(seL4_CNode_Delete(AT(frame)));
                }
                helper_make(&h, LOW);
                OK(seL4_TCB_SetSpace(h.tcb, ep, ROOT, 0, VSPACE, 0));
                helper_start(&h, reads, address, 0);
                struct message m = poll_message(ep, new_reply());
                EQ(m.any, whole_table != 0);
                if (m.any) {
                        EQ(m.label, seL4_Fault_VMFault);
                        EQ(m.mr[seL4_VMFault_Addr], address);
                }
        }
}

/* The dying CNode holds the last cap to another: that one is detached.  What its slot 0 held dies, the rest lives on. */
TEST(obj_nested_cnode_is_detached, "OBJ-18.14")
{
        static struct agent first, second;
        word outer = new_node(NODE_BITS), ut = new_untyped(12), inner = new_slot(), spare = new_slot();
        word ntfn = new_notification();

        OK(retyped(ut, seL4_CapTableObject, NODE_BITS, inner));
        agent_make(&first, LOW);
        agent_make(&second, LOW);
        does_wait(&first, ntfn);
        does_wait(&second, ntfn);
        does_wait(&second, new_notification());
        agent_run(&first);
        agent_run(&second);
        OK(seL4_CNode_Move(inner, 0, NODE_BITS, AT(first.h.tcb)));
        OK(seL4_CNode_Move(inner, 3, NODE_BITS, AT(second.h.tcb)));
        OK(seL4_CNode_Move(outer, 7, NODE_BITS, AT(inner)));
        OK(seL4_CNode_Delete(AT(outer)));
        seL4_Signal(ntfn);
        seL4_Signal(ntfn);
        let_run();
        EQ(first.h.step, 0);
        EQ(second.h.step, 1);
        EQ(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights), seL4_RevokeFirst);
        OK(seL4_CNode_Revoke(AT(ut)));
        OK(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights));
        OK(seL4_SchedContext_Bind(second.h.sc, sample(S_TCB))); /* and the second thread is gone */
}

TEST(obj_cnode_with_its_own_last_cap, "OBJ-18.14 OBJ-14.2.r6")
{
        word ut = new_untyped(12), node = new_slot(), spare = new_slot();

        for (word at = 0; at < 16; at += 15) {
                OK(retyped(ut, seL4_CapTableObject, NODE_BITS, node));
                OK(seL4_CNode_Copy(node, at, NODE_BITS, AT(node), seL4_AllRights));
                OK(seL4_CNode_Copy(node, 5, NODE_BITS, AT(node), seL4_AllRights));
                OK(seL4_CNode_Delete(node, at, NODE_BITS));
                OK(seL4_CNode_Move(node, at, NODE_BITS, AT(node))); /* two caps, both inside */
                CHECK(!there(node));
                OK(seL4_CNode_Revoke(AT(ut)));
                OK(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights));
                OK(seL4_CNode_Delete(AT(spare)));
        }
}
