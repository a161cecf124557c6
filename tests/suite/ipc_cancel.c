/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens to blocked threads when something that they use is taken away. */
#include "ipc_common.h"

static void missing(struct agent *a, word cptr)
{
        struct message m = fault_of(a, new_reply());

        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.length, 5);
        EQ(m.mr[1], cptr);
        EQ(m.mr[2], 1);
        EQ(m.mr[3], seL4_MissingCapability);
        EQ(m.mr[4], 0);
}

TEST(endpoint_with_senders_deleted, "IPC-100")
{
        word ep = new_endpoint();
        struct agent c, s;

        agent_make(&c, LOW);
        agent_watch(&c);
        does_call(&c, ep, info_word(1, 0, 4));
        agent_run(&c);
        agent_make(&s, LOW);
        agent_watch(&s);
        does_send(&s, ep, info_word(1, 0, 4));
        agent_run(&s);
        OK(seL4_CNode_Delete(AT(ep)));
        CHECK(agent_is(&c, 1));
        EQ(agent_out(&c, 0)[0], 0);
        EQ(agent_out(&c, 0)[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(agent_out(&c, 0)[2], 0);
        EQ(agent_out(&s, 0)[1], info_word(1, 0, 4));
}

TEST(endpoint_with_receiver_deleted, "IPC-100")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent r;

        agent_make(&r, LOW);
        agent_watch(&r);
        does_recv(&r, ep, reply);
        agent_run(&r);
        OK(seL4_CNode_Delete(AT(ep)));
        CHECK(agent_is(&r, 0));
        missing(&r, ep);
}

TEST(endpoint_lives_as_long_as_a_cap, "IPC-100")
{
        word ep = new_endpoint(), other = minted(ep, 4, seL4_AllRights);
        struct agent c;

        agent_make(&c, LOW);
        does_call(&c, other, info_word(1, 0, 4));
        agent_run(&c);
        OK(seL4_CNode_Delete(AT(ep)));
        CHECK(agent_is(&c, 0));
        EQ(poll_message(other, new_reply()).badge, 4);
}

TEST(notification_with_waiters_deleted, "IPC-101")
{
        word ntfn = new_notification();
        struct agent w[2];

        for (word i = 0; i < 2; i++) {
                agent_make(&w[i], LOW);
                agent_watch(&w[i]);
                does_wait(&w[i], ntfn);
                agent_run(&w[i]);
        }
        OK(seL4_CNode_Delete(AT(ntfn)));
        missing(&w[0], ntfn);
        missing(&w[1], ntfn);
}

TEST(deleted_notification_unbinds, "IPC-101")
{
        word ntfn = new_notification(), sc = new_sc(1000, 1000);
        struct agent a;

        agent_make(&a, LOW);
        OK(seL4_TCB_BindNotification(a.h.tcb, ntfn));
        OK(seL4_SchedContext_Bind(sc, ntfn));
        OK(seL4_CNode_Delete(AT(ntfn)));
        EQ(seL4_TCB_UnbindNotification(a.h.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(sc, new_notification()));
}

enum { BADGES = 32 };

TEST(badged_sends_cancelled, "IPC-102")
{
        static struct agent s[BADGES]; /* too much for the stack */
        word ep = new_endpoint(), cap[BADGES];

        for (word i = 0; i < BADGES; i++) {
                word own = minted(ep, i + 1, seL4_AllRights);

                cap[i] = minted(ep, i + 1, seL4_AllRights);
                agent_make(&s[i], LOW + i % 3);
                does_send(&s[i], own, 0);
                agent_run(&s[i]);
                OK(seL4_CNode_Delete(AT(own)));
        }
        OK(seL4_CNode_CancelBadgedSends(AT(ep)));
        EQ(seL4_CNode_CancelBadgedSends(AT(copied(cap[0], seL4_NoRead))), seL4_IllegalOperation);
        let_run();
        EQ(s[0].h.step, 0);
        for (word i = 0; i < BADGES; i += 2) {
                OK(seL4_CNode_CancelBadgedSends(AT(cap[i])));
                let_run();
                for (word k = 0; k < BADGES; k++)
                        EQ(s[k].h.step, k <= i && k % 2 == 0);
        }
        for (word i = 0; i < BADGES / 2; i++)
                CHECK(poll_message(ep, new_reply()).badge % 2 == 0);
        CHECK(!poll_message(ep, new_reply()).any);
}

TEST(cancelled_call_is_made_again, "IPC-102")
{
        word ep = new_endpoint(), badged = minted(ep, 3, seL4_AllRights);
        struct agent first, second;

        agent_make(&first, LOW);
        does_call(&first, badged, 0);
        agent_run(&first);
        agent_make(&second, LOW);
        does_call(&second, minted(ep, 4, seL4_AllRights), 0);
        agent_run(&second);
        OK(seL4_CNode_CancelBadgedSends(AT(badged)));
        CHECK(agent_is(&first, 0));
        EQ(poll_message(ep, new_reply()).badge, 4);
        EQ(poll_message(ep, new_reply()).badge, 3);
}

TEST(cancelling_needs_all_rights, "IPC-102")
{
        word ep = new_endpoint();

        for (word missing_right = 0; missing_right < 4; missing_right++) {
                seL4_CapRights_t rights = {{15 ^ 1ul << missing_right}};

                EQ(seL4_CNode_CancelBadgedSends(AT(minted(ep, 5, rights))), seL4_IllegalOperation);
        }
        OK(seL4_CNode_CancelBadgedSends(AT(minted(ep, 5, seL4_AllRights))));
        EQ(seL4_CNode_CancelBadgedSends(AT(new_notification())), seL4_IllegalOperation);
}

TEST(handler_endpoint_deleted_with_a_fault, "IPC-103 IPC-93")
{
        word slot = new_slot(), old;
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does_wait(&a, slot);
        agent_run(&a);
        old = a.faults;
        OK(seL4_CNode_Revoke(AT(old)));
        OK(seL4_CNode_Delete(AT(old)));
        agent_watch(&a);
        CHECK(!poll_message(a.faults, new_reply()).any);
        OK(seL4_TCB_Resume(a.h.tcb));
        missing(&a, slot);
}

TEST(resumed_receiver_goes_to_the_tail, "IPC-104")
{
        word ep = new_endpoint();
        struct agent r[3];

        for (word i = 0; i < 3; i++) {
                agent_make(&r[i], LOW);
                does_wait(&r[i], ep);
                agent_run(&r[i]);
        }
        OK(seL4_TCB_Resume(r[0].h.tcb));
        let_run();
        post(ep, 1, 0);
        CHECK(agent_is(&r[1], 1));
        EQ(r[0].h.step, 0);
        post(ep, 2, 0);
        CHECK(agent_is(&r[2], 1));
        post(ep, 3, 0);
        CHECK(agent_is(&r[0], 1));
}

TEST(resume_of_the_running_does_nothing, "IPC-105")
{
        word ep = new_endpoint();
        struct agent s, r;

        OK(seL4_TCB_Resume(seL4_CapInitThreadTCB));
        agent_make(&r, LOW);
        does_wait(&r, ep);
        does_wait(&r, ep);
        agent_run(&r);
        agent_make(&s, LOW);
        does_send(&s, ep, 0);
        does_call(&s, s.h.tcb, info_word(TCBResume, 0, 0));
        agent_start(&s);
        OK(seL4_TCB_Resume(s.h.tcb));
        CHECK(agent_is(&s, 2));
        EQ(agent_out(&s, 1)[1], 0);
        EQ(r.h.step, 1);
        post(ep, 7, 0);
        OK(seL4_TCB_Resume(r.h.tcb));
        CHECK(agent_is(&r, 2));
        EQ(agent_out(&r, 1)[1], info_word(7, 0, 0));
}

TEST(suspended_after_its_call_goes_on, "IPC-106 ABI-5.1")
{
        word ep = new_endpoint(), reply = new_reply();
        seL4_UserContext c;
        struct agent a;

        agent_make(&a, LOW);
        does_call(&a, ep, 0);
        agent_run(&a);
        word svc = agent_pc(&a);
        CHECK(poll_message(ep, reply).any);
        answer(reply, 6, 0);
        EQ(agent_pc(&a), svc);
        OK(seL4_TCB_Suspend(a.h.tcb));
        OK(registers_read(&a.h, &c, 0));
        EQ(c.pc, svc + SVC_BYTES);
        CHECK(agent_is(&a, 0));
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[1], info_word(6, 0, 0));
        CHECK(!poll_message(ep, reply).any);
}

TEST(suspended_in_its_call_repeats_it, "IPC-106 ABI-5.1")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent a;

        agent_make(&a, LOW);
        does_call(&a, ep, info_word(3, 0, 0));
        agent_run(&a);
        word svc = agent_pc(&a);
        OK(seL4_TCB_Suspend(a.h.tcb));
        CHECK(!poll_message(ep, reply).any);
        EQ(agent_pc(&a), svc);
        OK(seL4_TCB_Resume(a.h.tcb));
        EQ(poll_message(ep, reply).label, 3);
}

/* The queued sender `s` gets other words; `skip` is added to its pc. */
static void rewrite(struct agent *s, word skip)
{
        seL4_UserContext c;

        agent_run(s);
        OK(registers_read(&s->h, &c, 0));
        EQ(c.x2, MARK(2));
        c.x2 = 0x1e77e5;
        c.pc += skip;
        OK(seL4_TCB_WriteRegisters(s->h.tcb, 0, 0, sizeof c / sizeof(word), &c));
        CHECK(agent_is(s, 0));
}

TEST(written_sender_with_old_pc_sends_twice, "IPC-107")
{
        word ep = new_endpoint();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 1));
        rewrite(&s, 0);
        EQ(poll_message(ep, new_reply()).mr[0], 0x1e77e5);
        CHECK(agent_is(&s, 0));
        EQ(poll_message(ep, new_reply()).mr[0], 0x1e77e5);
        CHECK(agent_is(&s, 1));
}

TEST(written_sender_with_next_pc_sends_once, "IPC-107")
{
        word ep = new_endpoint();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 1));
        rewrite(&s, SVC_BYTES);
        EQ(poll_message(ep, new_reply()).mr[0], 0x1e77e5);
        CHECK(agent_is(&s, 1));
        CHECK(!poll_message(ep, new_reply()).any);
}

TEST(deleted_sender_is_never_seen, "IPC-108")
{
        word ep = new_endpoint();
        struct agent s[3];

        for (word i = 0; i < 3; i++) {
                agent_make(&s[i], LOW);
                does_call(&s[i], minted(ep, i + 1, seL4_AllRights), 0);
                agent_run(&s[i]);
        }
        OK(seL4_CNode_Delete(AT(s[1].h.tcb)));
        EQ(poll_message(ep, new_reply()).badge, 1);
        EQ(poll_message(ep, new_reply()).badge, 3);
        CHECK(!poll_message(ep, new_reply()).any);
        OK(seL4_SchedContext_Bind(s[1].h.sc, new_object(seL4_TCBObject, 0)));
}

TEST(self_suspended_thread, "IPC-109")
{
        struct agent a;

        agent_make(&a, LOW);
        does_call(&a, a.h.tcb, info_word(TCBSuspend, 0, 0));
        agent_run(&a);
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 0));
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 0));
        agent_skip(&a, SVC_BYTES);
        CHECK(agent_is(&a, 1));
}
