/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeout faults. */
#include "ipc_common.h"

enum { BUDGET = 1000, PERIOD = 10000, LONG_PERIOD = 1000000, SC_BADGE = 0x5cbad6e, PATIENCE = 40 };

static void budget(struct helper *h, word period)
{
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h->sc, BUDGET, period, 0,
                                            SC_BADGE, 0));
}

/* An endpoint that gets the timeout faults of a thread. */
static word timeout_endpoint(struct helper *h)
{
        word ep = new_endpoint();

        OK(seL4_TCB_SetTimeoutEndpoint(h->tcb, minted(ep, FAULT_BADGE, seL4_AllRights)));
        return ep;
}

static struct message timeout_of(word ep, word reply)
{
        struct message m = poll_message(ep, reply);

        for (int i = 0; i < PATIENCE && !m.any; i++) {
                sleep_us(BUDGET);
                m = poll_message(ep, reply);
        }
        CHECK(m.any);
        EQ(m.badge, FAULT_BADGE);
        EQ(m.label, seL4_Fault_Timeout);
        EQ(m.length, 2);
        EQ(m.mr[0], SC_BADGE);
        return m;
}

static void count(word counter, word unused)
{
        (void)unused;
        for (;;) {
                ++*(volatile word *)counter;
                relax();
        }
}

TEST(hundred_timeouts, "IPC-94 ABI-7.1.4 ABI-1.1.11")
{
        word ep, reply = new_reply();
        volatile word counter = 0;
        struct helper h;

        helper_make(&h, LOW);
        budget(&h, PERIOD);
        ep = timeout_endpoint(&h);
        helper_start(&h, count, (word)&counter, 0);
        for (word i = 0; i < 100; i++) {
                word before = counter;
                sleep_us(2 * PERIOD); /* not disturbed, so that the budget stays in one piece */
                struct message m = timeout_of(ep, reply);

                CHECK(counter > before);
                CHECK(m.mr[1] > BUDGET * 9 / 10 && m.mr[1] < BUDGET * 11 / 10);
                before = counter;
                let_run();
                EQ(counter, before);
                answer(reply, 0, 0);
        }
}

TEST(timeout_stopped_by_label, "IPC-94 ABI-7.1.4")
{
        word ep, reply = new_reply();
        volatile word counter = 0;
        struct helper h;

        helper_make(&h, LOW);
        budget(&h, PERIOD);
        ep = timeout_endpoint(&h);
        helper_start(&h, count, (word)&counter, 0);
        timeout_of(ep, reply);
        answer(reply, 1, 0);
        word before = counter;
        sleep_us(3 * PERIOD);
        EQ(counter, before);
        CHECK(!poll_message(ep, reply).any);
        OK(seL4_TCB_Resume(h.tcb));
        timeout_of(ep, reply);
        CHECK(counter > before);
}

static void serve_too_long(word ep, word reply)
{
        seL4_Recv(ep, NULL, reply);
        for (;;)
                relax();
}

TEST(passive_server_times_out, "IPC-95")
{
        word ep = new_endpoint(), served = new_reply(), of_server, of_client;
        struct helper s;
        struct agent c;

        helper_make(&s, HIGH);
        of_server = timeout_endpoint(&s);
        helper_start(&s, serve_too_long, ep, served);
        let_run();
        helper_passive(&s);
        agent_make(&c, LOW);
        budget(&c.h, LONG_PERIOD);
        of_client = timeout_endpoint(&c.h);
        does_call(&c, ep, 0);
        agent_run(&c);
        timeout_of(of_server, new_reply());
        CHECK(!poll_message(of_client, new_reply()).any);
        EQ(c.h.step, 0);
}

/* The recovery that ipc.md 13.6 describes, as far as the client. */
TEST(nested_timeout, "IPC-96")
{
        word ep1 = new_endpoint(), ep2 = new_endpoint(), r1 = new_reply(), r2 = new_reply(), of_inner,
             of_outer;
        struct helper inner;
        struct agent a, outer;

        helper_make(&inner, HIGH);
        of_inner = timeout_endpoint(&inner);
        helper_start(&inner, serve_too_long, ep2, r2);
        let_run();
        helper_passive(&inner);
        agent_make(&outer, HIGH);
        of_outer = timeout_endpoint(&outer.h);
        does_recv(&outer, ep1, r1);
        does_call(&outer, ep2, 0);
        agent_passive(&outer);
        agent_make(&a, LOW);
        budget(&a.h, LONG_PERIOD);
        does_call(&a, ep1, 0);
        agent_run(&a);
        timeout_of(of_inner, new_reply());
        EQ(outer.h.step, 1);
        CHECK(!poll_message(of_outer, new_reply()).any);
        answer(r2, 0, 0);
        timeout_of(of_outer, new_reply());
        EQ(outer.h.step, 1);
        CHECK(sc_is_on(a.h.sc, &outer));
}

TEST(waiting_passive_handler_gets_no_context, "IPC-94")
{
        volatile word counter = 0;
        struct helper h;
        struct agent s;

        helper_make(&h, LOW);
        budget(&h, LONG_PERIOD);
        word ep = timeout_endpoint(&h);
        agent_make(&s, HIGH);
        does_recv(&s, ep, new_reply());
        agent_passive(&s);
        helper_start(&h, count, (word)&counter, 0);
        sleep_us(10 * BUDGET);
        CHECK(agent_is(&s, 0));
        OK(seL4_SchedContext_UnbindObject(h.sc, h.tcb));
        OK(seL4_SchedContext_Bind(s.h.sc, s.h.tcb));
        CHECK(agent_is(&s, 1));
        EQ(agent_out(&s, 0)[1], info_word(seL4_Fault_Timeout, 0, 2));
}

TEST(queued_timeout_lends_no_context, "IPC-94 IPC-56")
{
        word reply = new_reply(), gate = new_notification();
        volatile word counter = 0;
        struct agent s, c;
        struct helper h;

        helper_make(&h, LOW);
        budget(&h, LONG_PERIOD);
        word ep = timeout_endpoint(&h);
        agent_make(&s, HIGH);
        does_recv(&s, ep, reply);
        does_wait(&s, gate);
        does_reply_recv(&s, ep, 0, reply);
        agent_passive(&s);
        agent_make(&c, LOW);
        does_call(&c, ep, 0);
        agent_run(&c);
        helper_start(&h, count, (word)&counter, 0);
        sleep_us(10 * BUDGET);
        seL4_Signal(gate);
        CHECK(agent_is(&s, 2));
        EQ(c.h.step, 1);
        OK(seL4_SchedContext_UnbindObject(h.sc, h.tcb));
        OK(seL4_SchedContext_Bind(s.h.sc, s.h.tcb));
        CHECK(agent_is(&s, 3));
        EQ(agent_out(&s, 2)[0], FAULT_BADGE);
}

TEST(round_robin_never_times_out, "IPC-97")
{
        word ep;
        volatile word counter = 0;
        struct helper h;

        helper_make(&h, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, BUDGET, BUDGET, 0, SC_BADGE,
                                            0));
        ep = timeout_endpoint(&h);
        helper_start(&h, count, (word)&counter, 0);
        sleep_us(10 * BUDGET);
        CHECK(!poll_now(ep, new_reply()).any);
        word before = counter;
        CHECK(before > 0);
        sleep_us(10 * BUDGET);
        CHECK(!poll_now(ep, new_reply()).any);
        CHECK(counter > before);
}

TEST(yield_never_times_out, "IPC-97")
{
        word ep;
        struct agent a;

        agent_make(&a, LOW);
        budget(&a.h, PERIOD);
        ep = timeout_endpoint(&a.h);
        for (word i = 0; i < 4; i++)
                does(&a, seL4_SysYield, MARK(0), MARK(1));
        agent_start(&a);
        sleep_us(10 * PERIOD);
        EQ(a.h.step, 4);
        CHECK(!poll_now(ep, new_reply()).any);
}

/* The budget is just what the kernel keeps back for itself, so a system call never begins. */
TEST(call_without_budget_is_made_later, "ABI-1.3")
{
        enum { LEAST = 20 };
        word ntfn = new_notification();
        struct agent a;

        agent_make(&a, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, a.h.sc, LEAST, PERIOD, 0, 0, 0));
        does_send(&a, minted(ntfn, 1, seL4_AllRights), 0);
        agent_start(&a);
        sleep_us(3 * PERIOD);
        EQ(a.h.step, 0);
        EQ(poll_word(ntfn), 0);
        budget(&a.h, PERIOD);
        sleep_us(3 * PERIOD);
        EQ(a.h.step, 1);
        EQ(poll_word(ntfn), 1);
}
