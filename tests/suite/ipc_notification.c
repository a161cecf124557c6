/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: words, waiters, bindings to threads. */
#include "ipc_common.h"

static void signalled(word ntfn, word badge)
{
        seL4_Signal(minted(ntfn, badge, seL4_AllRights));
}

TEST(badges_add_up, "IPC-68")
{
        word ntfn = new_notification();
        struct agent w;

        signalled(ntfn, 0x1);
        signalled(ntfn, 0x30);
        signalled(ntfn, 1ul << 63 | 0x10);
        agent_make(&w, LOW);
        does_wait(&w, ntfn);
        does_wait(&w, ntfn);
        agent_run(&w);
        EQ(w.h.step, 1);
        EQ(agent_out(&w, 0)[0], 1ul << 63 | 0x31);
        OK(seL4_TCB_Suspend(w.h.tcb));
        EQ(poll_word(ntfn), 0);
        signalled(ntfn, 0x8);
        EQ(poll_word(ntfn), 0x8);
        EQ(poll_word(ntfn), 0);
}

/* One receipt of 0x99 by this call; x0 only changes. */
static void only_x0(seL4_Syscall_ID number, word cap, word ntfn, int before)
{
        struct agent w;

        agent_make(&w, LOW);
        if (cap != ntfn)
                OK(seL4_TCB_BindNotification(w.h.tcb, ntfn));
        does(&w, number, cap, MARK(1))[6] = new_reply();
        if (before)
                signalled(ntfn, 0x99);
        agent_run(&w);
        EQ(w.h.step, (word)before);
        if (!before)
                signalled(ntfn, 0x99);
        CHECK(agent_is(&w, 1));
        EQ(w.step[0].out[0], 0x99);
        for (word i = 1; i < REGISTERS; i++)
                EQ(w.step[0].out[i], w.step[0].in[i]);
}

TEST(receipt_changes_x0_only, "IPC-69 ABI-1.1.12 ABI-1.1.5")
{
        static const seL4_Syscall_ID CALLS[] = {seL4_SysWait, seL4_SysRecv, seL4_SysNBWait, seL4_SysNBRecv};

        for (word i = 0; i < 4; i++) {
                word ntfn = new_notification();

                only_x0(CALLS[i], ntfn, ntfn, 1);
                if (i < 2)
                        only_x0(CALLS[i], ntfn, ntfn, 0);
        }
}

TEST(bound_receipt_changes_x0_only, "IPC-69 ABI-1.1.12")
{
        static const seL4_Syscall_ID CALLS[] = {seL4_SysWait, seL4_SysRecv, seL4_SysNBWait, seL4_SysNBRecv};

        for (word i = 0; i < 4; i++) {
                only_x0(CALLS[i], new_endpoint(), new_notification(), 1);
                if (i < 2)
                        only_x0(CALLS[i], new_endpoint(), new_notification(), 0);
        }
}

TEST(badge_zero_activates, "IPC-70")
{
        word ntfn = new_notification();
        struct agent w;

        agent_make(&w, LOW);
        does_wait(&w, ntfn);
        does_wait(&w, ntfn);
        seL4_Signal(ntfn);
        agent_run(&w);
        EQ(w.h.step, 1);
        EQ(agent_out(&w, 0)[0], 0);
        OK(seL4_TCB_Suspend(w.h.tcb));
        seL4_Signal(ntfn);
        EQ(poll_word(ntfn), 0);
        OK(seL4_TCB_Resume(w.h.tcb));
        CHECK(agent_is(&w, 1));
}

TEST(one_signal_wakes_one_waiter, "IPC-71")
{
        static const word PRIORITY[] = {LOW, HIGH, LOW, HIGH}, ORDER[] = {1, 3, 0, 2};
        word ntfn = new_notification();
        struct agent w[4];

        for (word i = 0; i < 4; i++) {
                agent_make(&w[i], PRIORITY[i]);
                does_wait(&w[i], ntfn);
                agent_run(&w[i]);
        }
        for (word i = 0; i < 4; i++) {
                signalled(ntfn, i + 1);
                let_run();
                for (word k = 0; k < 4; k++)
                        EQ(w[ORDER[k]].h.step, k <= i);
                EQ(agent_out(&w[ORDER[i]], 0)[0], i + 1);
        }
}

/* A thread with a bound notification that receives on an endpoint. */
struct bound {
        struct agent r;
        word ep, reply, ntfn;
};

static void bind_receiver(struct bound *x)
{
        x->ep = new_endpoint();
        x->reply = new_reply();
        x->ntfn = new_notification();
        agent_make(&x->r, LOW);
        OK(seL4_TCB_BindNotification(x->r.h.tcb, x->ntfn));
        does_recv(&x->r, x->ep, x->reply);
}

TEST(bound_thread_is_taken_off_the_endpoint, "IPC-72")
{
        struct bound x;
        struct agent c;

        bind_receiver(&x);
        does_wait(&x.r, x.ntfn);
        agent_run(&x.r);
        EQ(x.r.h.step, 0);
        signalled(x.ntfn, 0x72);
        CHECK(agent_is(&x.r, 1));
        EQ(agent_out(&x.r, 0)[0], 0x72);
        post(x.ep, 0, 0);
        agent_make(&c, LOW);
        does_call(&c, x.ep, info_word(4, 0, 0));
        agent_run(&c);
        EQ(x.r.h.step, 1);
        CHECK(poll_message(x.ep, x.reply).any);
        answer(x.reply, 0, 0);
        CHECK(agent_is(&c, 1));
        signalled(x.ntfn, 0x73);
        CHECK(agent_is(&x.r, 2));
        EQ(agent_out(&x.r, 1)[0], 0x73);
}

TEST(active_bound_notification_comes_first, "IPC-73")
{
        struct bound x;
        struct agent s;

        bind_receiver(&x);
        does_recv(&x.r, x.ep, x.reply);
        agent_make(&s, LOW);
        does_send(&s, minted(x.ep, 0x5, seL4_AllRights), 0);
        agent_run(&s);
        signalled(x.ntfn, 0x74);
        agent_run(&x.r);
        EQ(agent_out(&x.r, 0)[0], 0x74);
        EQ(x.r.step[0].out[1], MARK(1));
        EQ(agent_out(&x.r, 1)[0], 0x5);
        EQ(s.h.step, 1);
}

TEST(sender_stays_queued_behind_the_signal, "IPC-73")
{
        struct bound x;
        struct agent s;

        bind_receiver(&x);
        agent_make(&s, LOW);
        does_send(&s, minted(x.ep, 0x5, seL4_AllRights), 0);
        agent_run(&s);
        signalled(x.ntfn, 0x74);
        agent_run(&x.r);
        EQ(x.r.h.step, 1);
        EQ(s.h.step, 0);
        EQ(poll_message(x.ep, x.reply).badge, 0x5);
}

TEST(signal_to_a_caller_is_kept, "IPC-74")
{
        word ep = new_endpoint(), reply = new_reply(), ntfn = new_notification();
        struct agent c;

        agent_make(&c, LOW);
        OK(seL4_TCB_BindNotification(c.h.tcb, ntfn));
        does_call(&c, ep, 0);
        does_wait(&c, ep);
        agent_run(&c);
        signalled(ntfn, 0x1);
        CHECK(poll_message(ep, reply).any);
        signalled(ntfn, 0x40);
        CHECK(agent_is(&c, 0));
        answer(reply, 0, 0);
        CHECK(agent_is(&c, 2));
        EQ(agent_out(&c, 1)[0], 0x41);
}

TEST(binding_is_checked, "IPC-75 ABI-4.3.6")
{
        word ntfn = new_notification(), other = new_notification(), regs[REGISTERS];
        struct agent a, w;

        agent_make(&a, LOW);
        raw(seL4_SysCall, a.h.tcb, info_word(TCBBindNotification, 0, 0), regs);
        EQ(regs[1], info_word(seL4_TruncatedMessage, 0, 0));
        EQ(seL4_TCB_UnbindNotification(a.h.tcb), seL4_IllegalOperation);
        EQ(seL4_TCB_BindNotification(a.h.tcb, new_endpoint()), seL4_IllegalOperation);
        EQ(seL4_TCB_BindNotification(a.h.tcb, seL4_CapNull), seL4_IllegalOperation);
        EQ(seL4_TCB_BindNotification(a.h.tcb, copied(ntfn, seL4_CanWrite)), seL4_IllegalOperation);
        agent_make(&w, LOW);
        does_wait(&w, other);
        agent_run(&w);
        EQ(seL4_TCB_BindNotification(a.h.tcb, other), seL4_IllegalOperation);
        OK(seL4_TCB_BindNotification(a.h.tcb, copied(ntfn, seL4_CanRead)));
        EQ(seL4_TCB_BindNotification(a.h.tcb, new_notification()), seL4_IllegalOperation);
        EQ(seL4_TCB_BindNotification(w.h.tcb, ntfn), seL4_IllegalOperation);
        raw(seL4_SysCall, a.h.tcb, info_word(TCBBindNotification, 0, 0), regs);
        EQ(regs[1], info_word(seL4_TruncatedMessage, 0, 0));
        OK(seL4_TCB_UnbindNotification(a.h.tcb));
        EQ(seL4_TCB_UnbindNotification(a.h.tcb), seL4_IllegalOperation);
        OK(seL4_TCB_BindNotification(w.h.tcb, ntfn));
}

TEST(binding_an_active_notification, "IPC-76")
{
        word ep = new_endpoint(), ntfn = new_notification();
        struct agent r;

        signalled(ntfn, 1);
        agent_make(&r, LOW);
        does_wait(&r, ep);
        does_wait(&r, ep);
        agent_run(&r);
        OK(seL4_TCB_BindNotification(r.h.tcb, ntfn));
        CHECK(agent_is(&r, 0));
        signalled(ntfn, 2);
        CHECK(agent_is(&r, 0));
        post(ep, 7, 0);
        CHECK(agent_is(&r, 2));
        EQ(agent_out(&r, 0)[1], info_word(7, 0, 0));
        EQ(agent_out(&r, 1)[0], 3);
}

TEST(unbinding_leaves_a_blocked_thread, "IPC-75")
{
        struct bound x;

        bind_receiver(&x);
        agent_run(&x.r);
        OK(seL4_TCB_UnbindNotification(x.r.h.tcb));
        signalled(x.ntfn, 3);
        CHECK(agent_is(&x.r, 0));
        EQ(poll_word(x.ntfn), 3);
        post(x.ep, 0, 0);
        CHECK(agent_is(&x.r, 1));
}
