/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications with a scheduling context, for passive threads that wait. */
#include "ipc_common.h"

/* A notification with a context of its own. */
struct lender {
        word ntfn, sc;
};

static void lender_make(struct lender *l)
{
        l->ntfn = new_notification();
        l->sc = new_sc(10000, 10000);
        OK(seL4_SchedContext_Bind(l->sc, l->ntfn));
}

TEST(passive_waiter_borrows, "IPC-77")
{
        struct lender l;
        struct agent w;

        lender_make(&l);
        agent_make(&w, LOW);
        does_wait(&w, l.ntfn);
        does_wait(&w, l.ntfn);
        agent_passive(&w);
        CHECK(!sc_is_on(l.sc, &w));
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w, 1));
        CHECK(!sc_is_on(l.sc, &w));
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w, 2));
}

TEST(borrower_holds_it_while_it_runs, "IPC-77")
{
        struct lender l;
        struct agent w;

        lender_make(&l);
        agent_make(&w, LOW);
        does_wait(&w, l.ntfn);
        does_wait(&w, new_notification());
        agent_passive(&w);
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w, 1));
        CHECK(sc_is_on(l.sc, &w));
}

TEST(two_waiters_never_share, "IPC-77")
{
        struct lender l;
        struct agent w[2];
        word gate[2];

        lender_make(&l);
        for (word i = 0; i < 2; i++) {
                gate[i] = new_notification();
                agent_make(&w[i], LOW);
                does_wait(&w[i], l.ntfn);
                does_wait(&w[i], gate[i]);
                does_wait(&w[i], l.ntfn);
                agent_passive(&w[i]);
        }
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w[0], 1));
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w[1], 0));
        seL4_Signal(gate[0]);
        CHECK(agent_is(&w[0], 2));
        EQ(w[1].h.step, 0);
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w[0], 3));
        EQ(w[1].h.step, 0);
        OK(seL4_SchedContext_Bind(w[1].h.sc, w[1].h.tcb));
        CHECK(agent_is(&w[1], 1));
}

TEST(context_of_thread_and_notification, "IPC-78")
{
        word ntfn = new_notification();
        struct agent w;

        agent_make(&w, LOW);
        does_send(&w, seL4_CapNull, 0);
        does_wait(&w, ntfn);
        does_wait(&w, ntfn);
        OK(seL4_SchedContext_Bind(w.h.sc, ntfn));
        agent_run(&w);
        EQ(w.h.step, 1);
        OK(seL4_SchedContext_Bind(w.h.sc, w.h.tcb));
        EQ(seL4_SchedContext_Bind(w.h.sc, w.h.tcb), seL4_IllegalOperation);
        seL4_Signal(ntfn);
        CHECK(agent_is(&w, 2));
        CHECK(!sc_is_on(w.h.sc, &w));
}

TEST(active_notification_keeps_the_context, "IPC-78")
{
        word ntfn = new_notification();
        struct agent w;

        agent_make(&w, LOW);
        does_wait(&w, ntfn);
        does(&w, seL4_SysNBWait, ntfn, 0);
        does_wait(&w, new_endpoint());
        OK(seL4_SchedContext_Bind(w.h.sc, ntfn));
        seL4_Signal(ntfn);
        agent_run(&w);
        EQ(w.h.step, 2);
        CHECK(sc_is_on(w.h.sc, &w));
}

TEST(bound_passive_thread_on_an_endpoint, "IPC-79")
{
        struct lender l;
        struct agent r;

        lender_make(&l);
        agent_make(&r, LOW);
        OK(seL4_TCB_BindNotification(r.h.tcb, l.ntfn));
        does_wait(&r, new_endpoint());
        does_wait(&r, new_endpoint());
        agent_passive(&r);
        seL4_Signal(minted(l.ntfn, 0x79, seL4_AllRights));
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[0], 0x79);
        CHECK(!sc_is_on(l.sc, &r));
}

TEST(nobody_has_a_context, "IPC-80")
{
        word ntfn = new_notification();
        struct agent w;

        agent_make(&w, LOW);
        does_wait(&w, ntfn);
        agent_passive(&w);
        seL4_Signal(minted(ntfn, 0x80, seL4_AllRights));
        CHECK(agent_is(&w, 0));
        EQ(poll_word(ntfn), 0);
        OK(seL4_SchedContext_Bind(w.h.sc, w.h.tcb));
        CHECK(agent_is(&w, 1));
        EQ(agent_out(&w, 0)[0], 0x80);
}

TEST(borrower_deleted, "IPC-81")
{
        struct lender l;
        struct agent w[2];

        lender_make(&l);
        for (word i = 0; i < 2; i++) {
                agent_make(&w[i], LOW);
                does_wait(&w[i], l.ntfn);
                does_wait(&w[i], new_notification());
                agent_passive(&w[i]);
        }
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w[0], 1));
        OK(seL4_CNode_Delete(AT(w[0].h.tcb)));
        seL4_Signal(l.ntfn);
        CHECK(agent_is(&w[1], 1));
        CHECK(sc_is_on(l.sc, &w[1]));
}

TEST(lent_context_deleted, "IPC-82")
{
        struct lender l;
        struct agent active, passive;

        lender_make(&l);
        agent_make(&passive, LOW);
        does_wait(&passive, l.ntfn);
        agent_passive(&passive);
        OK(seL4_CNode_Delete(AT(l.sc)));
        seL4_Signal(minted(l.ntfn, 2, seL4_AllRights));
        CHECK(agent_is(&passive, 0));
        agent_make(&active, LOW);
        does_wait(&active, l.ntfn);
        agent_run(&active);
        seL4_Signal(minted(l.ntfn, 4, seL4_AllRights));
        CHECK(agent_is(&active, 1));
        EQ(agent_out(&active, 0)[0], 4);
        OK(seL4_SchedContext_Bind(passive.h.sc, passive.h.tcb));
        CHECK(agent_is(&passive, 1));
        EQ(agent_out(&passive, 0)[0], 2);
        OK(seL4_SchedContext_Bind(new_sc(5000, 5000), l.ntfn));
}

TEST(interrupts_run_a_passive_waiter, "IPC-83")
{
        struct lender l;
        struct agent w;

        lender_make(&l);
        word handler = irq_handler(machine_irq(), minted(l.ntfn, 0x83, seL4_AllRights));
        agent_make(&w, LOW);
        for (word i = 0; i < 4; i++)
                does_wait(&w, l.ntfn);
        agent_passive(&w);
        for (word i = 1; i < 4; i++) {
                machine_irq_set(1);
                CHECK(agent_is(&w, i));
                EQ(agent_out(&w, i - 1)[0], 0x83);
                CHECK(agent_is(&w, i));
                machine_irq_set(0);
                OK(seL4_IRQHandler_Ack(handler));
                CHECK(agent_is(&w, i));
                CHECK(!sc_is_on(l.sc, &w));
        }
}
