/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects that die, and threads stopped and started in the middle of a call. */
#include "obj_common.h"

enum { OWN = seL4_CapInitThreadTCB };

/* `server` is passive and has received a call of `caller` over `ep` with `reply`. */
static void call_received(struct agent *caller, struct agent *server, word ep, word reply)
{
        agent_make(server, MIDDLE);
        does_recv(server, ep, reply);
        does_send(server, reply, info_word(0x99, 0, 0));
        does_wait(server, new_notification());
        agent_passive(server);
        agent_make(caller, LOW);
        does_call(caller, ep, info_word(0x11, 0, 0));
        does_wait(caller, new_notification());
}

TEST(obj_reply_under_a_caller_dies, "OBJ-14.2.r5 OBJ-15.2.r6 OBJ-17.16 OBJ-18.11")
{
        static struct agent caller, server;
        word ep = new_endpoint(), reply = new_reply();

        call_received(&caller, &server, ep, reply);
        server.step[1].in[0] = new_notification(); /* it does not answer */
        server.step[1].in[7] = (word)seL4_SysWait;
        agent_run(&caller);
        EQ(server.h.step, 1);
        CHECK(!sc_is_on(caller.h.sc, &caller));
        OK(seL4_CNode_Delete(AT(reply)));
        CHECK(agent_is(&caller, 0)); /* not restarted: inactive */
        CHECK(!poll_message(ep, new_reply()).any);
        CHECK(sc_is_on(caller.h.sc, &caller)); /* it has its time back */
        OK(seL4_SchedContext_Bind(caller.h.sc, caller.h.tcb));
        OK(seL4_TCB_Resume(caller.h.tcb));
        EQ(poll_message(ep, new_reply()).label, 0x11); /* the Call was executed again */
}

TEST(obj_reply_gone_and_call_skipped, "OBJ-17.9 OBJ-17.16 OBJ-18.11")
{
        static struct agent caller, server;
        word ep = new_endpoint(), reply = new_reply();

        call_received(&caller, &server, ep, reply);
        server.step[1].in[0] = new_notification();
        server.step[1].in[7] = (word)seL4_SysWait;
        agent_run(&caller);
        OK(seL4_CNode_Delete(AT(reply)));
        agent_skip(&caller, SVC_BYTES);
        CHECK(agent_is(&caller, 1));
        EQ(agent_out(&caller, 0)[2], MARK(2));
}

TEST(obj_reply_under_a_receiver_dies, "OBJ-14.2.r5 OBJ-15.2.r6 OBJ-18.11")
{
        static struct agent a;
        word ep = new_endpoint(), reply = new_reply();

        agent_make(&a, LOW);
        agent_watch(&a);
        does_recv(&a, ep, reply);
        agent_run(&a);
        OK(seL4_CNode_Delete(AT(reply)));
        post(ep, 1, 0);
        CHECK(agent_is(&a, 0));                          /* out of the queue */
        CHECK(!poll_message(a.faults, new_reply()).any); /* and not restarted */
        OK(seL4_CNode_Move(AT(reply), AT(new_reply())));
        OK(seL4_TCB_Resume(a.h.tcb));
        let_run();
        post(ep, 2, 0);
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[1], info_word(2, 0, 0));
}

/* One calls two, two calls three; the reply object for one dies. */
TEST(obj_reply_in_the_middle_dies, "OBJ-14.2.r5")
{
        static struct agent one, two, three;
        word outer = new_endpoint(), inner = new_endpoint(), first = new_reply(), second = new_reply();

        agent_make(&three, HIGH);
        does_recv(&three, inner, second);
        does_wait(&three, new_notification());
        agent_passive(&three);
        agent_make(&two, MIDDLE);
        does_recv(&two, outer, first);
        does_call(&two, inner, info_word(0x22, 0, 0));
        does_wait(&two, new_notification());
        agent_passive(&two);
        agent_make(&one, LOW);
        does_call(&one, outer, info_word(0x11, 0, 0));
        agent_run(&one);
        EQ(three.h.step, 1);
        OK(seL4_CNode_Delete(AT(first)));
        CHECK(agent_is(&one, 0));
        CHECK(!sc_is_on(one.h.sc, &one)); /* cut there; the time stays with three */
        answer(second, 0x33, 0);
        CHECK(agent_is(&two, 2));
        EQ(agent_out(&two, 1)[1], info_word(0x33, 0, 0));
        CHECK(sc_is_on(one.h.sc, &two)); /* and came back to two only */
        CHECK(agent_is(&one, 0));
}

TEST(obj_suspended_in_a_call, "OBJ-17.10 OBJ-15.2.r5")
{
        static struct agent a, other;
        word ep = new_endpoint(), reply = new_reply();

        agent_make(&a, LOW);
        does_call(&a, ep, info_word(1, 0, 0));
        agent_run(&a);
        for (int i = 0; i < 3; i++) {
                OK(seL4_TCB_Suspend(a.h.tcb));
                OK(seL4_TCB_Suspend(a.h.tcb));
                CHECK(!poll_message(ep, reply).any);
                OK(seL4_TCB_Resume(a.h.tcb));
                OK(seL4_TCB_Resume(a.h.tcb));
                EQ(poll_message(ep, reply).label, 1);
        }
        OK(seL4_TCB_Suspend(a.h.tcb)); /* waits for the reply: that is forgotten */
        answer(reply, 5, 0);
        CHECK(agent_is(&a, 0));
        agent_make(&other, LOW);
        does_call(&other, ep, info_word(2, 0, 0));
        agent_run(&other);
        EQ(poll_message(ep, reply).label, 2); /* the reply object is free */
        OK(seL4_CNode_Delete(AT(a.h.tcb)));
        OK(seL4_CNode_Delete(AT(other.h.tcb)));
        answer(reply, 5, 0);
}

TEST(obj_resume, "OBJ-17.10")
{
        static struct agent a;

        EXPECT(done(), OWN, TCBResume, 0);
        EXPECT(done(), OWN, TCBResume, 3, {1, 2, 3});
        agent_make(&a, LOW);
        does_send(&a, new_notification(), info_word(0, 0, 0));
        helper_passive(&a.h);
        agent_start(&a);
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 0));
        word unconfigured = sample(S_SC);
        OK(seL4_SchedContext_Bind(unconfigured, a.h.tcb));
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 0));
        OK(seL4_SchedContext_Unbind(unconfigured));
        OK(seL4_SchedContext_Bind(a.h.sc, a.h.tcb));
        CHECK(agent_is(&a, 1));
}

static void spins(word counter, word unused)
{
        (void)unused;
        for (;;) {
                ++*(volatile word *)counter;
                relax();
        }
}

TEST(obj_resume_gives_no_time, "OBJ-17.10")
{
        static struct helper h;
        static volatile word count;

        helper_make(&h, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, 500, 60000000, 0, 0, 0));
        helper_start(&h, spins, (word)&count, 0);
        let_run();
        word used = count;
        CHECK(used > 0);
        for (int i = 0; i < 10; i++) {
                OK(seL4_TCB_Suspend(h.tcb));
                OK(seL4_TCB_Resume(h.tcb));
                let_run();
        }
        CHECK(count - used < used / 4); /* at most what was left over */
}

TEST(obj_suspends_itself, "OBJ-18.9")
{
        static struct agent a;
        word ntfn = new_notification();

        agent_make(&a, LOW);
        does_call(&a, a.h.tcb, info_word(TCBSuspend, 0, 0));
        does_send(&a, ntfn, info_word(0, 0, 0));
        agent_run(&a);
        for (int i = 0; i < 3; i++) {
                OK(seL4_TCB_Resume(a.h.tcb));
                CHECK(agent_is(&a, 0)); /* the same Suspend again */
        }
        agent_skip(&a, SVC_BYTES);
        CHECK(agent_is(&a, 2));
}

/* An error is answered once; the call is not repeated and nothing has changed. */
TEST(obj_error_is_answered_once, "OBJ-15.2.r1")
{
        static struct agent a;
        word full = new_endpoint();
        word *in;

        agent_make(&a, LOW);
        for (int i = 0; i < 2; i++) {
                in = does_call(&a, ROOT, info_word(CNodeMove, 1, 4));
                in[2] = full, in[3] = 64, in[4] = full, in[5] = 64;
        }
        agent_buffer(&a)->caps_or_badges[0] = ROOT;
        agent_run(&a);
        CHECK(agent_is(&a, 2));
        EQ(agent_out(&a, 0)[1], info_word(seL4_DeleteFirst, 0, 0));
        EQ(agent_out(&a, 1)[1], info_word(seL4_DeleteFirst, 0, 0));
}
