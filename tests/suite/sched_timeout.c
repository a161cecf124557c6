/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeout faults: when they are raised, who is told of them, and how a system recovers. */
#include "sched_common.h"

static word faults, answer;

static void watched(struct helper *h, word priority, word budget, word period)
{
        faults = new_endpoint();
        answer = new_reply();
        helper_make(h, priority);
        OK(configure(h->sc, (struct budget){.budget = budget, .period = period, .badge = 0xbad9e}));
        OK(seL4_TCB_SetTimeoutEndpoint(h->tcb, minted(faults, 0x7e, seL4_AllRights)));
}

/* Is a timeout fault there?  Its reply object is `answer`. */
static int timed_out(void)
{
        word badge = 0;
        seL4_MessageInfo_t m = seL4_NBRecv(faults, &badge, answer);

        return badge == 0x7e && seL4_MessageInfo_get_label(m) == seL4_Fault_Timeout &&
               seL4_MessageInfo_get_length(m) == 2;
}

TEST(sched_a_hundred_timeouts, "IPC-94")
{
        struct helper h;

        watched(&h, EQUAL, 1 * MS, 2 * MS);
        helper_start(&h, spins, (word)&h, 0);
        for (word i = 0; i < 100; i++) {
                sleep_us(3 * MS);
                CHECK(timed_out());
                EQ(seL4_GetMR(0), 0xbad9e);
                NEAR(seL4_GetMR(1), 1 * MS, SLACK_US);
                seL4_Send(answer, seL4_MessageInfo_new(0, 0, 0, 0));
        }
}

/* Answered early it waits for its budget like everybody, and does not fault again for that. */
TEST(sched_answered_early_waits, "IPC-94")
{
        struct helper h;

        watched(&h, EQUAL, 2 * MS, 40 * MS);
        helper_start(&h, spins, (word)&h, 0);
        CHECK(runs(&h, 5 * MS));
        CHECK(timed_out());
        seL4_Send(answer, seL4_MessageInfo_new(0, 0, 0, 0));
        CHECK(!runs(&h, 30 * MS));
        CHECK(!timed_out());
        CHECK(runs(&h, 10 * MS));
        CHECK(timed_out());
}

TEST(sched_round_robin_never_times_out, "IPC-97")
{
        struct helper h;

        watched(&h, EQUAL, 2 * MS, 2 * MS);
        helper_start(&h, spins, (word)&h, 0);
        sleep_us(20 * MS);
        CHECK(!timed_out());
}

/* The handler is asked even when a further replenishment could be used at once. */
TEST(sched_timeout_with_budget_left, "IPC-94")
{
        word ntfn = new_notification();
        static struct gaps g;
        struct helper h, bell;

        watched(&h, EQUAL, 4 * MS, 10 * MS);
        OK(configure(h.sc, (struct budget){.budget = 4 * MS,
                                           .period = 10 * MS,
                                           .extra = 8,
                                           .flags = seL4_SchedContext_Sporadic}));
        helper_start(&h, notes_gaps, (word)&g, ntfn);
        spawn(&bell, TOP, marks, 0, 0);
        sleep_us(20 * MS);
        seL4_Signal(ntfn);
        spin_us(8 * MS); /* the second 4 ms come at 10 ms, so its head ends at 12 with the next usable */
        sleep_us(6 * MS);
        CHECK(timed_out());
        NEAR(g.begin + 4 * MS, now_us() - 2 * MS, 2 * SLACK_US);
        NEAR(seL4_GetMR(1), 4 * MS, SLACK_US);
}

/* --- a passive server out of its client's budget --- */

static void serves(word ep, word server)
{
        struct helper *h = (struct helper *)server;
        word badge, reply = h->step;

        seL4_Recv(ep, &badge, reply);
        for (;;) {
                if (badge == 1)
                        spins(server, 0);
                seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
        }
}

static void calls(word ep, word step)
{
        seL4_MessageInfo_t m = seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));

        *(volatile word *)step = 1 + seL4_MessageInfo_get_label(m);
}

static void server_of(struct helper *server, struct helper *client, word ep)
{
        word reply = new_reply();

        helper_make(server, UPPER);
        server->step = reply;
        helper_start(server, serves, ep, (word)server);
        let_run();
        helper_passive(server);
        spawn_at(client, EQUAL, calls, minted(ep, 1, seL4_AllRights), (word)&client->step, 2 * MS, 20 * MS);
        OK(configure(client->sc, (struct budget){.budget = 2 * MS, .period = 20 * MS, .badge = 0xc11e}));
        server->done = reply;
}

/* shows: known bugs 3 "A passive server that hit a timeout fault recursed" */
TEST(sched_server_times_out_and_recovers, "SCH-34 SCH-49 IPC-95")
{
        word ep = new_endpoint();
        struct helper server, client, second;

        watched(&server, UPPER, 1 * MS, 1 * MS); /* for the endpoint and the reply object */
        server_of(&server, &client, ep);
        OK(seL4_TCB_SetTimeoutEndpoint(server.tcb, minted(faults, 0x7e, seL4_AllRights)));
        sleep_us(5 * MS);
        CHECK(timed_out());
        EQ(seL4_GetMR(0), 0xc11e);
        NEAR(seL4_GetMR(1), 2 * MS, SLACK_US);
        CHECK(!runs(&server, 30 * MS));
        seL4_Send(server.done, seL4_MessageInfo_new(41, 0, 0, 0));
        sleep_us(5 * MS);
        EQ(client.step, 42);
        OK(seL4_SchedContext_Bind(server.sc, server.tcb));
        word reply = server.done;
        server.step = reply;
        helper_start(&server, serves, ep, (word)&server);
        let_run();
        helper_passive(&server);
        spawn(&second, EQUAL, calls, minted(ep, 2, seL4_AllRights), (word)&second.step);
        let_run();
        EQ(second.step, 1);
}

/* Without a handler of the server's own the client's is not asked: the server waits. */
TEST(sched_server_without_handler_waits, "SCH-34 IPC-95")
{
        word ep = new_endpoint();
        struct helper server, client;

        watched(&client, EQUAL, 1 * MS, 1 * MS);
        server_of(&server, &client, ep);
        OK(seL4_TCB_SetTimeoutEndpoint(client.tcb, minted(faults, 0x7e, seL4_AllRights)));
        CHECK(runs(&server, 5 * MS));
        CHECK(!runs(&server, 10 * MS));
        CHECK(!timed_out());
        CHECK(runs(&server, 10 * MS));
}

/* A reply that gives back an empty budget is a timeout of the one it comes back to. */
TEST(sched_reply_with_an_empty_budget, "IPC-94")
{
        word ep = new_endpoint();
        struct helper server, client;

        watched(&client, EQUAL, 1 * MS, 1 * MS);
        server_of(&server, &client, ep);
        OK(seL4_TCB_SetTimeoutEndpoint(client.tcb, minted(faults, 0x7e, seL4_AllRights)));
        sleep_us(5 * MS);
        CHECK(!timed_out());
        seL4_Send(server.done, seL4_MessageInfo_new(7, 0, 0, 0));
        CHECK(timed_out());
        seL4_Send(answer, seL4_MessageInfo_new(1, 0, 0, 0)); /* not to be restarted */
        sleep_us(30 * MS);
        EQ(client.step, 0);
}
