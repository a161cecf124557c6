/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls to a waiting server and its answers: the kernel may take a shorter way there, which must not be seen.
 *
 * In all of these the receiver waits with a reply object, and is in general the next to run.
 */
#include "ipc_common.h"

/* A server that receives, and a client that calls it. */
struct pair {
        struct agent s, c;
        word ep, reply;
};

static void pair_make(struct pair *x, word server, word client)
{
        x->ep = new_endpoint();
        x->reply = new_reply();
        agent_make(&x->s, server);
        agent_watch(&x->s);
        does_recv(&x->s, x->ep, x->reply);
        agent_make(&x->c, client);
        agent_watch(&x->c);
}

static void pair_run(struct pair *x)
{
        agent_run(&x->s);
        agent_run(&x->c);
}

TEST(quick_call_needs_write, "IPC-06")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        does_call(&x.c, minted(x.ep, 0, seL4_CapRights_new(1, 1, 1, 0)), 0);
        pair_run(&x);
        EQ(agent_out(&x.c, 0)[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(x.s.h.step, 0);
}

TEST(quick_call_without_grant, "IPC-40")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        does_wait(&x.s, new_notification());
        does_call(&x.c, minted(x.ep, 8, seL4_CanWrite), info_word(1, 0, 1));
        pair_run(&x);
        EQ(agent_out(&x.s, 0)[0], 8);
        answer(x.reply, 0, 0);
        CHECK(agent_is(&x.c, 0));
        CHECK(sc_is_on(x.c.h.sc, &x.c));
}

TEST(quick_call_with_caps, "IPC-32 IPC-36")
{
        word there = new_slot(), back = new_slot(), ntfn = new_notification();
        struct pair x;

        pair_make(&x, HIGH, LOW);
        does_reply_recv(&x.s, x.ep, info_word(2, 1, 0), x.reply);
        does_call(&x.c, x.ep, info_word(1, 1, 0));
        agent_buffer(&x.s)->receiveCNode = agent_buffer(&x.c)->receiveCNode = ROOT;
        agent_buffer(&x.s)->receiveDepth = agent_buffer(&x.c)->receiveDepth = 64;
        agent_buffer(&x.s)->receiveIndex = there;
        agent_buffer(&x.c)->receiveIndex = back;
        agent_buffer(&x.c)->caps_or_badges[0] = ntfn;
        agent_buffer(&x.s)->caps_or_badges[0] = x.ep;
        pair_run(&x);
        EQ(agent_out(&x.s, 0)[1], info_word(1, 1, 0));
        EQ(agent_out(&x.c, 0)[1], info_word(2, 1, 0));
        seL4_Signal(minted(there, 0x32, seL4_AllRights));
        EQ(poll_word(ntfn), 0x32);
        copied(back, seL4_AllRights);
}

TEST(quick_call_drops_unwrapped_bits, "IPC-29")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        does_reply_recv(&x.s, x.ep, seL4_MessageInfo_new(4, 7, 0, 1).words[0], x.reply);
        does_call(&x.c, x.ep, seL4_MessageInfo_new(0xfedcba9876543, 7, 0, 2).words[0]);
        pair_run(&x);
        EQ(agent_out(&x.s, 0)[1], info_word(0xfedcba9876543, 0, 2));
        EQ(x.s.step[0].out[4], MARK(4));
        EQ(agent_out(&x.c, 0)[1], info_word(4, 0, 1));
        EQ(x.c.step[0].out[3], MARK(3));
}

TEST(quick_call_above_120_words, "IPC-21")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        does_reply_recv(&x.s, x.ep, info_word(2, 0, 127), x.reply);
        does_call(&x.c, x.ep, info_word(1, 0, 127));
        agent_buffer(&x.c)->msg[119] = 0x1190;
        pair_run(&x);
        EQ(agent_out(&x.s, 0)[1], info_word(1, 0, LONGEST));
        EQ(agent_out(&x.c, 0)[1], info_word(2, 0, LONGEST));
        EQ(agent_buffer(&x.s)->msg[119], 0x1190);
}

TEST(quick_call_of_bad_address, "IPC-03")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        does_call(&x.c, 1ul << 63 | x.ep, 0);
        pair_run(&x);
        EQ(x.s.h.step, 0);
        struct message m = fault_of(&x.c, new_reply());
        EQ(m.mr[1], 1ul << 63 | x.ep);
        EQ(m.mr[3], seL4_GuardMismatch);
}

/* The server answers with ReplyRecv on `from` through `reply`; the receive phase must fault about `wrong`. */
static void second_phase_faults(struct pair *x, word from, word reply, word wrong)
{
        does_reply_recv(&x->s, from, info_word(6, 0, 0), reply);
        does_call(&x->c, x->ep, 0);
        pair_run(x);
        EQ(x->s.h.step, 1);
        struct message m = fault_of(&x->s, new_reply());
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.mr[1], wrong);
        EQ(m.mr[2], 1);
}

TEST(quick_answer_then_no_read, "IPC-15")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        word deaf = minted(x.ep, 0, seL4_CapRights_new(1, 1, 0, 1));
        second_phase_faults(&x, deaf, x.reply, deaf);
        EQ(agent_out(&x.c, 0)[1], info_word(6, 0, 0));
}

TEST(quick_answer_then_bad_address, "IPC-14")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        second_phase_faults(&x, 1ul << 63 | x.ep, x.reply, 1ul << 63 | x.ep);
        EQ(agent_out(&x.c, 0)[1], info_word(6, 0, 0));
}

TEST(quick_answer_through_bad_address, "IPC-16")
{
        struct pair x;

        pair_make(&x, HIGH, LOW);
        second_phase_faults(&x, x.ep, 1ul << 63 | x.reply, 1ul << 63 | x.reply);
        EQ(x.c.h.step, 0);
}

TEST(quick_answer_with_a_signal_pending, "IPC-73 IPC-74")
{
        word bound = new_notification(), gate = new_notification();
        struct pair x;

        pair_make(&x, HIGH, LOW);
        OK(seL4_TCB_BindNotification(x.s.h.tcb, bound));
        does_wait(&x.s, gate);
        does_reply_recv(&x.s, x.ep, info_word(6, 0, 0), x.reply);
        does_wait(&x.s, gate);
        does_call(&x.c, x.ep, 0);
        pair_run(&x);
        seL4_Signal(minted(bound, 0x73, seL4_AllRights));
        CHECK(agent_is(&x.s, 1));
        seL4_Signal(gate);
        let_run();
        EQ(agent_out(&x.s, 2)[0], 0x73);
        EQ(agent_out(&x.c, 0)[1], info_word(6, 0, 0));
}

TEST(quick_answer_with_a_sender_queued, "IPC-56")
{
        word gate = new_notification();
        struct pair x;
        struct agent next;

        pair_make(&x, HIGH, LOW);
        does_wait(&x.s, gate);
        does_reply_recv(&x.s, x.ep, info_word(6, 0, 0), x.reply);
        does_call(&x.c, x.ep, 0);
        pair_run(&x);
        agent_make(&next, LOW);
        does_send(&next, minted(x.ep, 4, seL4_AllRights), 0);
        agent_run(&next);
        seL4_Signal(gate);
        CHECK(agent_is(&x.s, 3));
        EQ(x.c.h.step, 1);
        EQ(agent_out(&x.s, 2)[0], 4);
        EQ(next.h.step, 1);
}

TEST(quick_answer_after_a_queued_call, "IPC-56 IPC-39")
{
        word gate = new_notification();
        struct pair x;
        struct agent next;

        pair_make(&x, HIGH, LOW);
        does_wait(&x.s, gate);
        does_reply_recv(&x.s, x.ep, info_word(6, 0, 0), x.reply);
        does_reply_recv(&x.s, x.ep, info_word(7, 0, 0), x.reply);
        does_call(&x.c, x.ep, 0);
        pair_run(&x);
        agent_make(&next, LOW);
        does_call(&next, x.ep, 0);
        agent_run(&next);
        seL4_Signal(gate);
        CHECK(agent_is(&x.s, 3));
        EQ(agent_out(&x.c, 0)[1], info_word(6, 0, 0));
        EQ(agent_out(&next, 0)[1], info_word(7, 0, 0));
        post(x.ep, 8, 0);
        CHECK(agent_is(&x.s, 4));
        EQ(agent_out(&x.s, 3)[1], info_word(8, 0, 0));
}

TEST(answer_through_an_object_that_waits, "IPC-42 IPC-45")
{
        word ep = new_endpoint();
        struct pair x;
        struct agent other;

        pair_make(&x, LOW, LOW);
        agent_run(&x.s);
        agent_make(&other, LOW);
        does_reply_recv(&other, ep, info_word(6, 0, 1), x.reply);
        agent_run(&other);
        EQ(x.s.h.step, 0);
        post(ep, 3, 0);
        CHECK(agent_is(&other, 1));
        EQ(agent_out(&other, 0)[1], info_word(3, 0, 0));
        post(x.ep, 3, 0);
        CHECK(agent_is(&x.s, 0));
}

/* The object is in a stack, and its caller has got a context of its own: the answer comes from outside the chain. */
TEST(quick_answer_takes_the_object_out_of_its_stack, "IPC-66")
{
        word other = new_endpoint();
        struct pair x;
        struct agent z, d, e;

        pair_make(&x, HIGH, LOW);
        does_wait(&x.s, new_notification());
        agent_passive(&x.s);
        does_call(&x.c, x.ep, 0);
        agent_run(&x.c);
        word own = new_sc(10000, 10000);
        OK(seL4_SchedContext_Bind(own, x.c.h.tcb));
        agent_make(&z, MIDDLE);
        does_reply_recv(&z, other, info_word(6, 0, 0), x.reply);
        does_reply_recv(&z, other, info_word(7, 0, 0), x.reply);
        agent_run(&z);
        EQ(agent_out(&x.c, 0)[1], info_word(6, 0, 0));
        CHECK(sc_is_on(own, &x.c));
        CHECK(sc_is_on(x.c.h.sc, &x.s));
        agent_make(&d, LOW);
        does_call(&d, other, 0);
        agent_run(&d);
        EQ(agent_out(&d, 0)[1], info_word(7, 0, 0));
        agent_make(&e, LOW);
        does_call(&e, x.ep, 0);
        agent_run(&e);
        CHECK(poll_message(x.ep, x.reply).any);
        answer(x.reply, 8, 0);
        CHECK(agent_is(&e, 1));
        CHECK(sc_is_on(d.h.sc, &d));
}

/* --- strict priority --- */

struct witness {
        word gate;
        const volatile word *watched;
        word seen;
};

/* What the watched thread had done when this one ran. */
static void watch(word argument, word unused)
{
        struct witness *w = (struct witness *)argument;

        (void)unused;
        seL4_Wait(w->gate, NULL);
        w->seen = 100 + *w->watched;
}

static void server_of_low_priority(int passive)
{
        struct pair x;
        struct helper m;
        struct witness w = {new_notification(), &x.s.h.step, 0};

        pair_make(&x, LOW, HIGH);
        agent_run(&x.s);
        if (passive)
                helper_passive(&x.s.h);
        spawn(&m, MIDDLE, watch, (word)&w, 0);
        let_run();
        does_send(&x.c, w.gate, 0);
        does_call(&x.c, x.ep, 0);
        agent_run(&x.c);
        EQ(x.s.h.step, 1);
        EQ(w.seen, 100);
}

TEST(quick_call_to_a_lower_server, "IPC-51")
{
        server_of_low_priority(0);
        server_of_low_priority(1);
}

static void client_of_low_priority(int passive)
{
        struct pair x;
        struct helper m;
        struct witness w = {new_notification(), &x.c.h.step, 0};

        pair_make(&x, HIGH, LOW);
        does_send(&x.s, w.gate, 0);
        does_reply_recv(&x.s, x.ep, 0, x.reply);
        agent_run(&x.s);
        if (passive)
                helper_passive(&x.s.h);
        spawn(&m, MIDDLE, watch, (word)&w, 0);
        let_run();
        does_call(&x.c, x.ep, 0);
        agent_run(&x.c);
        EQ(x.c.h.step, 1);
        EQ(w.seen, 100);
}

TEST(quick_answer_to_a_lower_client, "IPC-51")
{
        client_of_low_priority(0);
        client_of_low_priority(1);
}

static void signalled_twice(word ntfn)
{
        seL4_Signal(minted(ntfn, 0x10, seL4_AllRights));
        seL4_Signal(minted(ntfn, 0x20, seL4_AllRights));
}

/* Two of equal priority below the signaller: the one woken last runs first, as after any wake-up. */
TEST(quick_signal_to_a_lower_waiter, "IPC-71")
{
        struct agent waiter;
        struct helper ready;
        word ntfn = new_notification();
        struct witness w = {new_notification(), &waiter.h.step, 0};

        agent_make(&waiter, LOW);
        does_wait(&waiter, ntfn);
        does_wait(&waiter, ntfn);
        agent_run(&waiter);
        spawn(&ready, LOW, watch, (word)&w, 0);
        let_run();
        seL4_Signal(w.gate);
        signalled_twice(ntfn);
        let_run();
        EQ(w.seen, 102); /* the second signal was there already when it waited again */
        EQ(agent_out(&waiter, 0)[0], 0x10);
        EQ(agent_out(&waiter, 1)[0], 0x20);
}

TEST(quick_signal_without_write, "IPC-06")
{
        word ntfn = new_notification(), mute = minted(ntfn, 4, seL4_CanRead);

        seL4_Signal(mute);
        EQ(poll_word(ntfn), 0);
        seL4_NBSend(mute, seL4_MessageInfo_new(0, 0, 0, 0));
        EQ(poll_word(ntfn), 0);
}

TEST(quick_signal_with_caps, "IPC-02")
{
        word ntfn = new_notification();
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        agent_buffer(&a)->caps_or_badges[0] = unresolvable();
        does_send(&a, minted(ntfn, 4, seL4_AllRights), info_word(0, 1, 0));
        agent_run(&a);
        EQ(fault_of(&a, new_reply()).label, seL4_Fault_CapFault);
        EQ(poll_word(ntfn), 0);
}

TEST(quick_poll_of_somebody_elses, "IPC-75")
{
        word ntfn = new_notification();
        struct agent owner, other;

        agent_make(&owner, LOW);
        OK(seL4_TCB_BindNotification(owner.h.tcb, ntfn));
        agent_make(&other, LOW);
        agent_watch(&other);
        does(&other, seL4_SysNBWait, ntfn, 0);
        seL4_Signal(ntfn);
        agent_run(&other);
        EQ(fault_of(&other, new_reply()).label, seL4_Fault_CapFault);
}
