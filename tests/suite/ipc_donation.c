/* SPDX-License-Identifier: BSD-2-Clause */
/* Where scheduling contexts go with messages: one server, its clients, and no chains yet. */
#include "ipc_common.h"

/* A server that serves once, stops at a notification before it answers, and the client that calls it. */
struct service {
        struct agent s, c;
        word ep, reply, gate;
};

static void served(struct service *x, word server, word client)
{
        x->ep = new_endpoint();
        x->reply = new_reply();
        x->gate = new_notification();
        agent_make(&x->s, server);
        does_recv(&x->s, x->ep, x->reply);
        does_wait(&x->s, x->gate);
        does_reply_recv(&x->s, x->ep, info_word(0x5e, 0, 1), x->reply);
        agent_make(&x->c, client);
        does_call(&x->c, minted(x->ep, 0xc, seL4_AllRights), info_word(1, 0, 1));
}

static void runs_on_its_client(word server, word client)
{
        struct service x;

        served(&x, server, client);
        agent_passive(&x.s);
        agent_run(&x.c);
        EQ(x.s.h.step, 1);
        CHECK(!sc_is_on(x.c.h.sc, &x.c));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.c, 1));
        EQ(x.s.h.step, 2);
        EQ(agent_out(&x.c, 0)[1], info_word(0x5e, 0, 1));
        CHECK(sc_is_on(x.c.h.sc, &x.c));
}

TEST(passive_server_runs_on_its_client, "IPC-51")
{
        runs_on_its_client(HIGH, LOW);
        runs_on_its_client(LOW, LOW);
        runs_on_its_client(LOW, HIGH);
}

TEST(passive_server_holds_the_context, "IPC-51")
{
        struct service x;

        served(&x, HIGH, LOW);
        agent_passive(&x.s);
        agent_run(&x.c);
        CHECK(sc_is_on(x.c.h.sc, &x.s));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.s, 1));
}

/* --- a chain of proxies, with the stubs of the library --- */

enum { PROXIES = 5, ROUNDS = 10 };

struct proxy {
        struct helper h;
        word in, out, reply; /* out 0: the server at the end */
};

static void proxy_main(word argument, word unused)
{
        struct proxy *p = (struct proxy *)argument;
        seL4_MessageInfo_t m = seL4_Recv(p->in, NULL, p->reply);

        (void)unused;
        for (;;) {
                word length = seL4_MessageInfo_get_length(m);

                for (word i = 0; i < length; i++)
                        set_mr(i, get_mr(i) + 1);
                if (p->out)
                        m = seL4_Call(p->out, m);
                p->h.step++;
                m = seL4_ReplyRecv(p->in, seL4_MessageInfo_new(0, 0, 0, length), NULL, p->reply);
        }
}

static void rounds(word ep, word length)
{
        for (word round = 0; round < ROUNDS; round++) {
                for (word i = 0; i < length; i++)
                        set_mr(i, round + i);
                seL4_MessageInfo_t m = seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, length));
                EQ(seL4_MessageInfo_get_length(m), length);
                for (word i = 0; i < length; i++)
                        EQ(get_mr(i), round + i + PROXIES + 1);
        }
}

static void through_proxies(word length, word step)
{
        struct proxy p[PROXIES + 1];
        struct helper c;
        word in = new_endpoint(), first = in;

        for (word i = 0; i <= PROXIES; i++) {
                p[i].in = in;
                p[i].out = in = i < PROXIES ? new_endpoint() : 0;
                p[i].reply = new_reply();
                spawn(&p[i].h, LOW + i * step, proxy_main, (word)&p[i], 0);
                let_run();
                helper_passive(&p[i].h);
        }
        spawn(&c, MIDDLE, rounds, first, length);
        let_run();
        EQ(c.done, 1);
        for (word i = 0; i <= PROXIES; i++)
                EQ(p[i].h.step, ROUNDS);
        OK(seL4_SchedContext_UnbindObject(c.sc, c.tcb));
}

TEST(chain_of_proxies_short, "IPC-52")
{
        through_proxies(3, 0);
        through_proxies(3, 9);
}

TEST(chain_of_proxies_long, "IPC-52")
{
        through_proxies(LONGEST, 0);
        through_proxies(LONGEST, 9);
}

/* --- messages that carry no context, and those that do for good --- */

TEST(reply_by_send_gives_the_context_back, "IPC-53")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent s, c;

        agent_make(&s, HIGH);
        does_recv(&s, ep, reply);
        does_send(&s, reply, info_word(6, 0, 0));
        does_send(&s, seL4_CapNull, 0);
        agent_passive(&s);
        agent_make(&c, LOW);
        does_call(&c, ep, 0);
        agent_run(&c);
        EQ(agent_out(&c, 0)[1], info_word(6, 0, 0));
        EQ(s.h.step, 1);
        CHECK(agent_is(&s, 1));
        OK(seL4_SchedContext_Bind(s.h.sc, s.h.tcb));
        CHECK(agent_is(&s, 3));
}

static void delivered_only(int by_send)
{
        word ep = new_endpoint();
        struct agent s, c;

        agent_make(&s, HIGH);
        does_wait(&s, ep);
        agent_passive(&s);
        agent_make(&c, LOW);
        does(&c, by_send ? seL4_SysSend : seL4_SysNBSend, ep, info_word(5, 0, 2));
        agent_run(&c);
        EQ(c.h.step, 1);
        EQ(s.h.step, 0);
        post(ep, 6, 0);
        CHECK(agent_is(&s, 0));
        OK(seL4_SchedContext_Bind(s.h.sc, s.h.tcb));
        CHECK(agent_is(&s, 1));
        EQ(agent_out(&s, 0)[1], info_word(5, 0, 2));
        CHECK(sc_is_on(c.h.sc, &c));
}

TEST(send_to_passive_server_only_delivers, "IPC-54")
{
        delivered_only(1);
        delivered_only(0);
}

/* `x` starts passive `p` by a two-phase call and ends up passive itself. */
static void first_phase_moves_context(seL4_Syscall_ID number)
{
        word ep = new_endpoint(), ntfn = new_notification();
        struct agent p, x;

        agent_make(&p, HIGH);
        does_wait(&p, ep);
        agent_passive(&p);
        agent_make(&x, LOW);
        word *in = does(&x, number, ntfn, info_word(3, 0, 1));
        in[6] = number == seL4_SysNBSendRecv ? seL4_CapNull : ep;
        in[8] = ep;
        agent_run(&x);
        EQ(agent_out(&p, 0)[1], info_word(3, 0, 1));
        seL4_Signal(ntfn);
        CHECK(agent_is(&x, 0));
        CHECK(sc_is_on(x.h.sc, &p));
        OK(seL4_SchedContext_Bind(x.h.sc, x.h.tcb));
        CHECK(agent_is(&x, 1));
}

TEST(first_phase_gives_the_context_away, "IPC-55 ABI-1.1.7 ABI-1.1.8")
{
        first_phase_moves_context(seL4_SysNBSendRecv);
        first_phase_moves_context(seL4_SysNBSendWait);
        first_phase_moves_context(seL4_SysReplyRecv);
}

/* A passive server answers its client while another message is queued. */
static void answered_with_one_queued(struct service *x, struct agent *next, int calls)
{
        served(x, HIGH, LOW);
        does_wait(&x->s, x->gate);
        agent_passive(&x->s);
        agent_run(&x->c);
        agent_make(next, LOW);
        does(next, calls ? seL4_SysCall : seL4_SysSend, minted(x->ep, 0x4e, seL4_AllRights),
             info_word(2, 0, 0));
        agent_run(next);
        EQ(next->h.step, 0);
        seL4_Signal(x->gate);
        CHECK(agent_is(&x->c, 1));
        CHECK(sc_is_on(x->c.h.sc, &x->c));
}

TEST(next_call_lends_its_context, "IPC-56")
{
        struct service x;
        struct agent next;

        answered_with_one_queued(&x, &next, 1);
        EQ(agent_out(&x.s, 2)[0], 0x4e);
        EQ(next.h.step, 0);
        CHECK(sc_is_on(next.h.sc, &x.s));
}

TEST(next_send_lends_nothing, "IPC-56")
{
        struct service x;
        struct agent next;

        answered_with_one_queued(&x, &next, 0);
        EQ(x.s.h.step, 2);
        EQ(next.h.step, 1);
        CHECK(sc_is_on(next.h.sc, &next));
        OK(seL4_SchedContext_Bind(x.s.h.sc, x.s.h.tcb));
        CHECK(agent_is(&x.s, 3));
        EQ(agent_out(&x.s, 2)[0], 0x4e);
}

TEST(unbound_client_is_still_received, "IPC-57")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent c;

        agent_make(&c, LOW);
        does_call(&c, ep, info_word(1, 0, 1));
        agent_run(&c);
        OK(seL4_SchedContext_Unbind(c.h.sc));
        CHECK(poll_message(ep, reply).any);
        answer(reply, 2, 0);
        CHECK(agent_is(&c, 0));
        OK(seL4_SchedContext_Bind(c.h.sc, c.h.tcb));
        CHECK(agent_is(&c, 1));
        EQ(agent_out(&c, 0)[1], info_word(2, 0, 0));
}

TEST(client_whose_context_is_deleted, "IPC-58")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent c;

        agent_make(&c, LOW);
        does_call(&c, ep, info_word(1, 0, 1));
        agent_run(&c);
        OK(seL4_CNode_Delete(AT(c.h.sc)));
        EQ(poll_message(ep, reply).label, 1);
        answer(reply, 2, 0);
        CHECK(agent_is(&c, 0));
        OK(seL4_SchedContext_Bind(new_sc(5000, 5000), c.h.tcb));
        CHECK(agent_is(&c, 1));
}

TEST(active_server_borrows_nothing, "IPC-59")
{
        struct service x;

        served(&x, LOW, LOW);
        agent_run(&x.s);
        agent_run(&x.c);
        EQ(x.s.h.step, 1);
        CHECK(sc_is_on(x.c.h.sc, &x.c));
        OK(seL4_SchedContext_Bind(x.c.h.sc, x.c.h.tcb));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.c, 1));
        EQ(x.s.h.step, 2);
        CHECK(sc_is_on(x.s.h.sc, &x.s));
}

TEST(answer_by_another_thread, "IPC-67")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent s, c, worker;

        agent_make(&s, HIGH);
        does_recv(&s, ep, reply);
        does_recv(&s, ep, new_reply());
        agent_run(&s);
        agent_make(&c, LOW);
        does_call(&c, ep, 0);
        agent_run(&c);
        EQ(s.h.step, 1);
        EQ(c.h.step, 0);
        agent_make(&worker, MIDDLE);
        does_send(&worker, reply, info_word(0x77, 0, 1));
        agent_run(&worker);
        EQ(worker.h.step, 1);
        EQ(agent_out(&c, 0)[1], info_word(0x77, 0, 1));
        EQ(agent_out(&c, 0)[2], MARK(2));
}
