/* SPDX-License-Identifier: BSD-2-Clause */
/* Which core a thread belongs to (spec smp.md 3). */
#include "smp.h"

static struct helper h, other, server;

static void replies(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        for (;;) {
                seL4_SetMR(0, seL4_GetMR(0) + 1);
                seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 1), &badge, reply);
        }
}

static volatile word answers;

static void calls_times(word ep, word times)
{
        for (word i = 0; i < times; i++) {
                seL4_SetMR(0, i);
                seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 1));
                if (seL4_GetMR(0) == i + 1)
                        put(&answers, answers + 1);
        }
}

/* Bind, SetSchedParams, Configure. */
TEST(smp_a_thread_follows_its_context, "SMP-16")
{
        helper_make(&h, EQUAL);
        EQ(affinity(h.tcb), 0);
        OK(place(h.sc, 2));
        EQ(affinity(h.tcb), on_debug_kernel() ? 2 : 0);
        OK(seL4_SchedContext_Unbind(h.sc));
        EQ(affinity(h.tcb), on_debug_kernel() ? 2 : 0); /* it keeps the core */
        OK(place(h.sc, 3));
        EQ(affinity(h.tcb), on_debug_kernel() ? 2 : 0);
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        EQ(affinity(h.tcb), on_debug_kernel() ? 3 : 0);
        OK(seL4_SchedContext_Unbind(h.sc));
        OK(place(h.sc, 1));
        OK(seL4_TCB_SetSchedParams(h.tcb, seL4_CapInitThreadTCB, 255, EQUAL, h.sc, seL4_CapNull));
        EQ(affinity(h.tcb), on_debug_kernel() ? 1 : 0);
}

static void makes_a_thread(word slot, word untyped)
{
        seL4_Untyped_Retype(untyped, seL4_TCBObject, 0, ROOT, 0, 0, slot, 1);
}

TEST(smp_a_new_thread_belongs_to_core_0, "SMP-18")
{
        word slot = new_slot(), untyped = new_object(seL4_UntypedObject, 12);

        spawn_on(&h, 2, EQUAL, makes_a_thread, slot, untyped);
        UNTIL(get(&h.done));
        EQ(affinity(slot), 0);
}

/* A passive server is on the core of each client in turn, and keeps that of the last one. */
TEST(smp_passive_server_follows_its_clients, "SMP-16 SMP-17 SMP-24")
{
        word ep = new_endpoint(), reply = new_reply();

        answers = 0;
        spawn(&server, ABOVE, replies, ep, reply);
        let_run();
        helper_passive(&server);
        for (word round = 0; round < 3; round++)
                for (word core = 0; core < CORES; core++) {
                        word before = get(&answers);

                        spawn_on(&h, core, EQUAL, calls_times, ep, 5);
                        UNTIL(get(&h.done));
                        EQ(get(&answers), before + 5);
                        EQ(affinity(server.tcb), on_debug_kernel() ? core : 0);
                }
}

static void waits_once(word n, word unused)
{
        word badge;

        (void)unused;
        seL4_Wait(n, &badge);
        put(&answers, badge);
        seL4_Wait(n, &badge);
        put(&answers, answers + badge);
}

/* A context bound to a notification takes its waiter along: woken later, and at once when it is signalled already. */
TEST(smp_notification_with_a_context_of_another_core, "SMP-16 SMP-26")
{
        word n = new_notification();

        answers = 0;
        spawn(&h, EQUAL, waits_once, n, 0);
        let_run();
        helper_passive(&h);
        OK(place(h.sc, 2));
        OK(seL4_SchedContext_Bind(h.sc, n));
        seL4_Signal(minted(n, 5, seL4_AllRights));
        UNTIL(get(&answers) == 5);
        EQ(affinity(h.tcb), on_debug_kernel() ? 2 : 0);
        seL4_Signal(minted(n, 7, seL4_AllRights));
        UNTIL(get(&answers) == 12);
}

static void moves_itself(word sc, word rounds)
{
        for (word i = 0; i < rounds; i++)
                for (word core = 0; core < CORES; core++) {
                        if (place(sc, core) == 0)
                                put(&answers, answers + 1);
                }
}

/* Also with nothing else on the core that it leaves or comes to. */
TEST(smp_a_thread_moves_itself, "SMP-19 SMP-23")
{
        answers = 0;
        spawn_on(&h, 1, EQUAL, NULL, 0, 0);
        OK(seL4_TCB_Suspend(h.tcb));
        helper_start(&h, moves_itself, h.sc, 25);
        UNTIL(get(&h.done));
        EQ(answers, 100);
        EQ(affinity(h.tcb), on_debug_kernel() ? 3 : 0);
}

TEST(smp_a_running_thread_is_moved, "SMP-19 SMP-23")
{
        spawn_on(&h, 1, EQUAL, counts, (word)&h, 0);
        spawn_on(&other, 3, EQUAL, counts, (word)&other, 0); /* core 3 is busy, 2 is not */
        for (word i = 0; i < 8; i++) {
                OK(place(h.sc, 1 + i % 3));
                CHECK(moves(&h));
                EQ(affinity(h.tcb), on_debug_kernel() ? 1 + i % 3 : 0);
        }
        OK(seL4_TCB_Suspend(h.tcb));
        CHECK(moves(&other));
}

TEST(smp_a_ready_thread_is_moved, "SMP-19")
{
        spawn_on(&other, 1, ABOVE, counts, (word)&other, 0);
        spawn_on(&h, 1, EQUAL, counts, (word)&h, 0);
        CHECK(moves(&other));
        EQ(h.step, 0);
        OK(place(h.sc, 2));
        CHECK(moves(&h));
}

enum blocked { ON_NOTIFICATION, RECEIVING, SENDING, CALLING, BLOCKED };

static void waits_then_counts(word way, word object)
{
        word badge;

        if (way == ON_NOTIFICATION)
                seL4_Wait(object, &badge);
        else if (way == RECEIVING)
                seL4_Recv(object & 0xffffffff, &badge, object >> 32);
        else if (way == SENDING)
                seL4_Send(object & 0xffffffff, seL4_MessageInfo_new(0, 0, 0, 0));
        else
                seL4_Call(object & 0xffffffff, seL4_MessageInfo_new(0, 0, 0, 0));
        counts((word)&h, 0);
}

/* Only its core changes; it continues there. */
TEST(smp_a_blocked_thread_is_moved, "SMP-19")
{
        for (word way = 0; way < BLOCKED; way++) {
                word reply = new_reply(), ep = new_endpoint(), n = new_notification(), badge;

                spawn_on(&h, 1, EQUAL, waits_then_counts, way, way == ON_NOTIFICATION ? n : ep | reply << 32);
                if (way == CALLING)
                        seL4_Recv(ep, &badge, reply);
                turns_elsewhere();
                OK(place(h.sc, 3));
                EQ(affinity(h.tcb), on_debug_kernel() ? 3 : 0);
                CHECK(rests(&h));
                if (way == ON_NOTIFICATION)
                        seL4_Signal(n);
                else if (way == RECEIVING)
                        seL4_NBSend(ep, seL4_MessageInfo_new(0, 0, 0, 0));
                else if (way == SENDING)
                        seL4_Recv(ep, &badge, reply);
                else
                        seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
                CHECK(moves(&h));
                OK(seL4_CNode_Delete(AT(h.tcb)));
        }
}

static volatile word answer;

static void holds_its_client(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        while (!get(&answer))
                put(&server.step, server.step + 1);
        seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
}

/* The context that a server has from its client is moved: the server runs there, and the client is there when it has it back. */
TEST(smp_a_lent_context_is_moved, "SMP-16 SMP-19")
{
        word ep = new_endpoint(), reply = new_reply();

        put(&answer, 0);
        spawn(&server, ABOVE, holds_its_client, ep, reply);
        let_run();
        helper_passive(&server);
        spawn_on(&h, 1, EQUAL, waits_then_counts, CALLING, ep);
        CHECK(moves(&server));
        OK(place(h.sc, 2));
        CHECK(moves(&server));
        EQ(affinity(server.tcb), on_debug_kernel() ? 2 : 0);
        EQ(affinity(h.tcb), on_debug_kernel() ? 1 : 0);
        EQ(h.step, 0);
        put(&answer, 1);
        CHECK(moves(&h));
        EQ(affinity(h.tcb), on_debug_kernel() ? 2 : 0);
}

/* About 20 ms in ten minutes, which it begins to use at once. */
static word used_up(word core)
{
        return seL4_SchedControl_ConfigureFlags(control_of(core), h.sc, 20000, 600000000, 0, 0, 0);
}

/* It continues from where it was, and then stops. */
static word until_it_rests(word last)
{
        UNTIL(get(&h.step) != last);
        do {
                last = get(&h.step);
                sleep_us(25000);
                turns_elsewhere();
        } while (get(&h.step) != last);
        return last;
}

/* It ran out of its budget: another core is a new one, the same one is not. */
TEST(smp_a_move_gives_a_new_budget, "SMP-20 SMP-21")
{
        word last = h.step;

        spawn_on(&h, 1, EQUAL, counts, (word)&h, 0);
        OK(used_up(1));
        last = until_it_rests(last);
        OK(used_up(1));
        CHECK(rests(&h));
        EQ(get(&h.step), last);
        OK(used_up(2));
        last = until_it_rests(last);
        OK(used_up(1));
        UNTIL(get(&h.step) != last);
}

static volatile word enough, mistakes;

static double sum_of(word seed)
{
        __asm__ volatile("" : "+r"(seed)); /* computed each time */
        double x = (double)seed, sum = 0;

        for (word i = 0; i < 2000; i++)
                sum += x / (double)(i + 1);
        return sum;
}

static void computes(word helper, word seed)
{
        struct helper *own = (struct helper *)helper;
        double wanted = sum_of(seed);

        while (!get(&enough)) {
                if (sum_of(seed) != wanted)
                        put(&mistakes, mistakes + 1);
                put(&own->step, own->step + 1);
        }
}

/* FP registers move with the thread, whoever computes on the old or the new core: a thousand moves in the middle of sums. */
TEST(smp_floating_point_after_moves, "SMP-22")
{
        static struct helper c[2];

        put(&enough, 0);
        put(&mistakes, 0);
        for (word i = 0; i < 2; i++)
                spawn_on(&c[i], 1 + i, EQUAL, computes, (word)&c[i], i + 3);
        for (word i = 0; i < 1000 * STRESS; i++) {
                OK(place(c[i % 2].sc, (i / 2) % CORES));
                if (i % 16 == 0)
                        sleep_us(TURN_US);
        }
        for (word i = 0; i < 2; i++)
                CHECK(moves(&c[i]));
        put(&enough, 1);
        for (word i = 0; i < 2; i++)
                UNTIL(get(&c[i].done));
        EQ(mistakes, 0);
}
