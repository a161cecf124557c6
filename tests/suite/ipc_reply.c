/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls and the reply objects they wait on. */
#include "ipc_common.h"

/* A caller and the reply object through which the test has received its call. */
struct called {
        struct agent c;
        word ep, reply;
};

static void caller_ready(struct called *x)
{
        x->ep = new_endpoint();
        x->reply = new_reply();
        agent_make(&x->c, LOW);
        agent_watch(&x->c);
        does_call(&x->c, x->ep, info_word(0xca11, 0, 4));
        agent_run(&x->c);
}

static void called(struct called *x)
{
        caller_ready(x);
        struct message m = poll_message(x->ep, x->reply);
        CHECK(m.any);
        EQ(m.label, 0xca11);
}

static void answered(struct called *x, word label)
{
        answer(x->reply, label, 0);
        CHECK(agent_is(&x->c, 1));
        EQ(agent_out(&x->c, 0)[1], info_word(label, 0, 0));
}

/* --- ping-pong with the stubs of the library --- */

static word word_of(word length, word i)
{
        return length * 1000003 + i;
}

static void echo(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t m = seL4_Recv(ep, &badge, reply);

        for (;;) {
                word length = seL4_MessageInfo_get_length(m);

                for (word i = 0; i < length; i++)
                        set_mr(i, get_mr(i) + 1);
                m = seL4_MessageInfo_new(seL4_MessageInfo_get_label(m) + 1, 0, 0, length);
                m = seL4_ReplyRecv(ep, m, &badge, reply);
        }
}

static void call_every_length(word ep, word unused)
{
        (void)unused;
        for (word length = 0; length <= LONGEST; length++) {
                for (word i = 0; i < length; i++)
                        set_mr(i, word_of(length, i));
                seL4_MessageInfo_t m = seL4_Call(ep, seL4_MessageInfo_new(length, 0, 0, length));
                EQ(seL4_MessageInfo_get_length(m), length);
                EQ(seL4_MessageInfo_get_label(m), length + 1);
                for (word i = 0; i < length; i++)
                        EQ(get_mr(i), word_of(length, i) + 1);
        }
}

static void ping_pong(word server, word client, int passive)
{
        word ep = new_endpoint();
        struct helper s, c;

        spawn(&s, server, echo, ep, new_reply());
        let_run();
        if (passive)
                helper_passive(&s);
        spawn(&c, client, call_every_length, ep, 0);
        let_run();
        EQ(c.done, 1);
}

TEST(ping_pong_with_higher_server, "IPC-39 ABI-1.1.3 ABI-1.1.6 ABI-1.1.14 ABI-9.2")
{
        ping_pong(HIGH, LOW, 0);
        ping_pong(HIGH, LOW, 1);
}

TEST(ping_pong_with_equal_server, "IPC-39")
{
        ping_pong(LOW, LOW, 0);
        ping_pong(LOW, LOW, 1);
}

TEST(ping_pong_with_lower_server, "IPC-39")
{
        ping_pong(LOW, HIGH, 0);
        ping_pong(LOW, HIGH, 1);
}

/* --- callers who get no answer --- */

/* Take the call that is queued on `ep` with this kind of receive; its caller must stop without waiting for a reply. */
static void never_answered(struct agent *c, word ep, seL4_Syscall_ID receiving)
{
        word reply = new_reply(), regs[REGISTERS] = {ep, MARK(1)}, svc = agent_pc(c);

        regs[6] = reply;
        regs[7] = (word)receiving;
        raw_call(regs);
        EQ(regs[1], info_word(1, 0, 2));
        answer(reply, 0, 0);
        CHECK(agent_is(c, 0));
        EQ(agent_pc(c), svc);
        CHECK(sc_is_on(c->h.sc, c));
        OK(seL4_SchedContext_Bind(c->h.sc, c->h.tcb));
        CHECK(agent_is(c, 0));
        agent_skip(c, SVC_BYTES);
        CHECK(agent_is(c, 1));
        EQ(agent_out(c, 0)[2], MARK(2));
}

TEST(call_without_grant_is_not_answered, "IPC-40")
{
        word ep = new_endpoint();
        struct agent c;

        agent_make(&c, LOW);
        does_call(&c, minted(ep, 8, seL4_ReadWrite), info_word(1, 0, 2));
        agent_run(&c);
        never_answered(&c, ep, seL4_SysRecv);
}

TEST(call_without_grant_to_a_waiting_receiver, "IPC-40")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent r, c;

        agent_make(&r, HIGH);
        does_recv(&r, ep, reply);
        does_recv(&r, ep, reply);
        agent_run(&r);
        agent_make(&c, LOW);
        does_call(&c, minted(ep, 8, seL4_CanWrite), info_word(1, 0, 2));
        agent_run(&c);
        EQ(agent_out(&r, 0)[0], 8);
        answer(reply, 0, 0);
        CHECK(agent_is(&c, 0));
        OK(seL4_TCB_Resume(c.h.tcb));
        CHECK(agent_is(&r, 2));
}

TEST(grant_reply_is_enough_for_an_answer, "IPC-40")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent c;

        agent_make(&c, LOW);
        does_call(&c, minted(ep, 0, seL4_CapRights_new(1, 0, 0, 1)), 0);
        agent_run(&c);
        CHECK(poll_message(ep, reply).any);
        answer(reply, 3, 0);
        CHECK(agent_is(&c, 1));
}

TEST(call_received_by_wait_is_not_answered, "IPC-41")
{
        word ep = new_endpoint();
        struct agent c;

        agent_make(&c, LOW);
        does_call(&c, ep, info_word(1, 0, 2));
        agent_run(&c);
        never_answered(&c, ep, seL4_SysWait);
}

/* --- reply objects --- */

TEST(reply_through_idle_or_waiting_object, "IPC-42")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent r;

        answer(reply, 1, 0);
        agent_make(&r, LOW);
        does_recv(&r, ep, reply);
        agent_run(&r);
        answer(reply, 1, 2);
        CHECK(agent_is(&r, 0));
        post(ep, 2, 1);
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[1], info_word(2, 0, 1));
}

TEST(two_caps_to_one_reply_object, "IPC-43")
{
        struct called x;

        called(&x);
        word copy = copied(x.reply, seL4_AllRights);
        does_call(&x.c, x.ep, info_word(2, 0, 0));
        answer(copy, 0x11, 0);
        answer(x.reply, 0x22, 0);
        CHECK(agent_is(&x.c, 1));
        EQ(agent_out(&x.c, 0)[1], info_word(0x11, 0, 0));
        CHECK(poll_message(x.ep, copy).any);
        answer(x.reply, 0x33, 0);
        CHECK(agent_is(&x.c, 2));
        EQ(agent_out(&x.c, 1)[1], info_word(0x33, 0, 0));
}

/* The caller of `x` has been cancelled: no answer reaches it, and when resumed it calls again. */
static void calls_again(struct called *x)
{
        answer(x->reply, 0, 0);
        CHECK(agent_is(&x->c, 0));
        OK(seL4_TCB_Resume(x->c.h.tcb));
        struct message m = poll_message(x->ep, x->reply);
        CHECK(m.any);
        EQ(m.label, 0xca11);
        answered(x, 9);
}

TEST(receive_with_object_in_use_cancels, "IPC-44")
{
        struct called x;

        called(&x);
        CHECK(!poll_message(x.ep, x.reply).any);
        calls_again(&x);
}

TEST(blocking_receive_with_object_in_use_cancels, "IPC-44")
{
        struct called x;
        struct agent r;

        called(&x);
        agent_make(&r, HIGH);
        does_recv(&r, x.ep, x.reply);
        agent_run(&r);
        answer(x.reply, 1, 0);
        CHECK(agent_is(&x.c, 0));
        post(x.ep, 0, 0);
        CHECK(agent_is(&r, 1));
        calls_again(&x);
}

TEST(two_receivers_with_one_object, "IPC-45")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent first, second;

        agent_make(&first, HIGH);
        does_recv(&first, ep, reply);
        agent_run(&first);
        agent_make(&second, LOW);
        does_recv(&second, ep, reply);
        agent_run(&second);
        post(ep, 4, 0);
        CHECK(agent_is(&second, 1));
        EQ(first.h.step, 0);
        post(ep, 5, 0);
        CHECK(agent_is(&first, 0));
        OK(seL4_TCB_Resume(first.h.tcb));
        let_run();
        post(ep, 6, 0);
        CHECK(agent_is(&first, 1));
        EQ(agent_out(&first, 0)[1], info_word(6, 0, 0));
}

TEST(deleting_a_waiting_object, "IPC-46")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent r;

        agent_make(&r, LOW);
        agent_watch(&r);
        does_recv(&r, ep, reply);
        agent_run(&r);
        OK(seL4_CNode_Delete(AT(reply)));
        post(ep, 1, 0);
        CHECK(agent_is(&r, 0));
        CHECK(!poll_message(r.faults, new_reply()).any);
        OK(seL4_TCB_Resume(r.h.tcb));
        struct message m = fault_of(&r, new_reply());
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.mr[1], reply);
}

TEST(deleting_an_object_awaiting_reply, "IPC-47")
{
        struct called x;

        called(&x);
        OK(seL4_CNode_Delete(AT(x.reply)));
        CHECK(agent_is(&x.c, 0));
        CHECK(!poll_message(x.ep, new_reply()).any);
        agent_skip(&x.c, SVC_BYTES);
        CHECK(agent_is(&x.c, 1));
        EQ(agent_out(&x.c, 0)[1], info_word(0xca11, 0, 4));
}

TEST(copy_keeps_the_object, "IPC-47")
{
        struct called x;

        called(&x);
        word copy = copied(x.reply, seL4_AllRights);
        OK(seL4_CNode_Delete(AT(x.reply)));
        CHECK(agent_is(&x.c, 0));
        answer(copy, 3, 0);
        CHECK(agent_is(&x.c, 1));
}

TEST(suspended_caller_calls_again, "IPC-48")
{
        struct called x;

        called(&x);
        OK(seL4_TCB_Suspend(x.c.h.tcb));
        answer(x.reply, 7, 0);
        CHECK(agent_is(&x.c, 0));
        OK(seL4_TCB_Resume(x.c.h.tcb));
        CHECK(poll_message(x.ep, x.reply).any);
        OK(seL4_TCB_Suspend(x.c.h.tcb));
        OK(seL4_CNode_Delete(AT(x.c.h.tcb)));
        answer(x.reply, 8, 0);
        called(&x);
        answered(&x, 9);
}

TEST(reply_recv_with_bad_extra_cap, "IPC-49 ABI-1.2.3")
{
        struct called x;
        struct agent s;

        caller_ready(&x);
        agent_make(&s, HIGH);
        agent_watch(&s);
        does_recv(&s, x.ep, x.reply);
        does_reply_recv(&s, x.ep, info_word(1, 1, 0), x.reply);
        agent_buffer(&s)->caps_or_badges[0] = unresolvable();
        agent_run(&s);
        EQ(s.h.step, 1);
        CHECK(!poll_message(s.faults, new_reply()).any);
        EQ(x.c.h.step, 0);
        post(x.ep, 0, 0);
        CHECK(agent_is(&s, 2));
        calls_again(&x);
}

TEST(answers_in_any_order, "IPC-50")
{
        enum { CLIENTS = 5 };
        word ep = new_endpoint(), reply[CLIENTS];
        struct agent c[CLIENTS];

        for (word i = 0; i < CLIENTS; i++) {
                agent_make(&c[i], LOW);
                does_call(&c[i], minted(ep, i + 1, seL4_AllRights), 0);
                agent_run(&c[i]);
                reply[i] = new_reply();
                EQ(poll_message(ep, reply[i]).badge, i + 1);
        }
        for (word i = CLIENTS; i-- > 0;) {
                answer(reply[i], 100 + i, 0);
                CHECK(agent_is(&c[i], 1));
                EQ(agent_out(&c[i], 0)[1], info_word(100 + i, 0, 0));
                EQ(c[0].h.step, i == 0);
        }
}
