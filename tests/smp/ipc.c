/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, signals, faults and YieldTo between cores (spec smp.md 4). */
#include "smp.h"

static struct helper client[CORES], server[CORES], h, other;
static volatile word sum, trace[16], traced;

static void note(word id)
{
        word at = __atomic_fetch_add(&traced, 1, __ATOMIC_ACQ_REL);

        if (at < 16)
                put(&trace[at], id);
}

static void adds(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        for (;;) {
                sum += seL4_GetMR(0);
                seL4_SetMR(0, seL4_GetMR(0) + 1);
                seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 1), &badge, reply);
        }
}

static void calls(word ep, word times)
{
        for (word i = 0; i < times; i++) {
                seL4_SetMR(0, i);
                seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 1));
                if (seL4_GetMR(0) != i + 1)
                        return; /* done is set early, and the sum is wrong */
        }
}

/* All pairs of cores, server active. */
TEST(smp_calls_between_all_cores, "SMP-24")
{
        for (word to = 0; to < CORES; to++) {
                word ep = new_endpoint(), reply = new_reply();

                sum = 0;
                spawn_on(&server[to], to, EQUAL, adds, ep, reply);
                for (word from = 0; from < CORES; from++)
                        spawn_on(&client[from], from, EQUAL - 1 + from % 3, calls, ep, 10);
                for (word from = 0; from < CORES; from++)
                        UNTIL(get(&client[from].done));
                EQ(sum, CORES * 45);
                OK(seL4_TCB_Suspend(server[to].tcb));
        }
}

/* The reference hangs here for ever: no core is informed that the server has come to it. */
TEST(smp_clients_of_three_cores_call_one_passive_server, "SMP-25")
{
        word ep = new_endpoint(), reply = new_reply();

        sum = 0;
        spawn(&server[0], ABOVE, adds, ep, reply);
        let_run();
        helper_passive(&server[0]);
        for (word from = 1; from < CORES; from++)
                spawn_on(&client[from], from, EQUAL, calls, ep, CALLS);
        for (word from = 1; from < CORES; from++)
                UNTIL(get(&client[from].done));
        EQ(sum, 3ul * CALLS * (CALLS - 1) / 2);
}

static void forwards(word eps, word reply)
{
        word badge, from = eps & 0xffffffff, to = eps >> 32;

        seL4_Recv(from, &badge, reply);
        for (;;) {
                seL4_SetMR(0, seL4_GetMR(0) + 1);
                if (to)
                        seL4_Call(to, seL4_MessageInfo_new(0, 0, 0, 1));
                seL4_ReplyRecv(from, seL4_MessageInfo_new(0, 0, 0, 1), &badge, reply);
        }
}

/* A chain of three servers, each passive, and clients of every core in turn. */
TEST(smp_chain_of_servers, "SMP-29")
{
        word ep[3];

        for (word i = 0; i < 3; i++)
                ep[i] = new_endpoint();
        for (word i = 0; i < 3; i++)
                spawn(&server[i], ABOVE, forwards, ep[i] | (i < 2 ? ep[i + 1] << 32 : 0), new_reply());
        let_run();
        for (word i = 0; i < 3; i++)
                helper_passive(&server[i]);
        sum = 0;
        for (word core = 0; core < CORES; core++) {
                spawn_on(&h, core, EQUAL, calls, ep[0], 1);
                turns_elsewhere();
                for (word i = 0; i < 3; i++)
                        EQ(affinity(server[i].tcb), on_debug_kernel() ? core : 0);
        }
}

static word ring[CORES];

static void passes_on(word own, word reply)
{
        word badge;

        for (;;) {
                seL4_Recv(ring[own], &badge, reply);
                word token = seL4_GetMR(0);

                put(&server[own].step, server[own].step + 1);
                if (token == CORES * RING_ROUNDS)
                        return;
                seL4_SetMR(0, token + 1);
                seL4_Send(ring[(own + 1) % CORES], seL4_MessageInfo_new(0, 0, 0, 1));
        }
}

/* A word goes round, from core to core. */
TEST(smp_ring_of_servers, "SMP-24")
{
        for (word i = 0; i < CORES; i++)
                ring[i] = new_endpoint();
        for (word i = 0; i < CORES; i++)
                spawn_on(&server[i], i, EQUAL, passes_on, i, new_reply());
        seL4_SetMR(0, 1);
        seL4_Send(ring[0], seL4_MessageInfo_new(0, 0, 0, 1));
        UNTIL(get(&server[CORES - 1].done));
        for (word i = 0; i < CORES; i++)
                EQ(server[i].step, RING_ROUNDS);
}

static void waits_and_notes(word n, word id)
{
        seL4_Wait(n, NULL);
        note(id);
        seL4_Wait(n, NULL);
}

static void holds_until(word word_at, word unused)
{
        (void)unused;
        while (!get((volatile word *)word_at))
                ;
        note(9);
}

/* Woken from core 0 where a thread of EQUAL runs: a higher one at once, an equal one and a lower one not; when it stops, the equal one
 * comes first, before one of that priority that was ready earlier. */
TEST(smp_remote_wake_by_priority, "SMP-27 SMP-28")
{
        static struct helper waiter[3];
        static volatile word go;
        word n[3];

        traced = go = 0;
        for (word i = 0; i < 3; i++) {
                n[i] = new_notification();
                spawn_on(&waiter[i], 1, i == 0 ? ABOVE : i == 1 ? EQUAL : BELOW, waits_and_notes, n[i], i);
        }
        turns_elsewhere();
        spawn_on(&h, 1, EQUAL, holds_until, (word)&go, 0);
        word long_time = 60000000;
        OK(seL4_SchedControl_ConfigureFlags(control_of(1), h.sc, long_time, long_time, 0, 0, 0));
        sleep_us(2000);
        seL4_Signal(n[2]);
        seL4_Signal(n[1]);
        seL4_Signal(n[0]);
        UNTIL(get(&traced) == 1);
        EQ(trace[0], 0);
        sleep_us(2000);
        EQ(get(&traced), 1);
        put(&go, 1);
        UNTIL(get(&traced) == 4);
        EQ(trace[1], 9);
        EQ(trace[2], 1);
        EQ(trace[3], 2);
}

static void faults(word address, word unused)
{
        (void)unused;
        *(volatile word *)address = 1;
        note(7);
}

/* A fault of core 3 is handled on core 0 and answered from there. */
TEST(smp_fault_to_another_core, "SMP-31")
{
        word ep = new_endpoint(), reply = new_reply(), badge, address = new_page_address();

        traced = 0;
        helper_make(&h, EQUAL);
        OK(place(h.sc, 3));
        OK(seL4_TCB_SetSchedParams(h.tcb, seL4_CapInitThreadTCB, 255, EQUAL, h.sc,
                                   minted(ep, 5, seL4_AllRights)));
        helper_start(&h, faults, address, 0);
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);
        EQ(badge, 5);
        EQ(seL4_MessageInfo_get_label(info), seL4_Fault_VMFault);
        EQ(seL4_GetMR(seL4_VMFault_Addr), address);
        OK(map_at(new_frame(), address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
        UNTIL(get(&traced) == 1);
        EQ(*(volatile word *)address, 1);
}

TEST(smp_timeout_fault_to_another_core, "SMP-31")
{
        word ep = new_endpoint(), reply = new_reply(), badge;

        helper_make(&h, EQUAL);
        OK(seL4_TCB_SetTimeoutEndpoint(h.tcb, minted(ep, 6, seL4_AllRights)));
        OK(seL4_SchedControl_ConfigureFlags(control_of(3), h.sc, 1000, 60000000, 0, 77, 0));
        helper_start(&h, counts, (word)&h, 0);
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);
        EQ(badge, 6);
        EQ(seL4_MessageInfo_get_label(info), seL4_Fault_Timeout);
        EQ(seL4_GetMR(seL4_Timeout_Data), 77);
        OK(seL4_SchedControl_ConfigureFlags(control_of(2), h.sc, 1000, 60000000, 0, 77, 0));
        seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
        CHECK(moves(&h));
}

static void sends(word ep, word id)
{
        seL4_SetMR(0, id);
        seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 1));
        note(id);
}

/* Senders of every core with two badges. */
TEST(smp_cancelling_and_deleting_with_waiters_everywhere, "SMP-32")
{
        word ep = new_endpoint(), one = minted(ep, 1, seL4_AllRights), two = minted(ep, 2, seL4_AllRights),
             badge;

        traced = 0;
        for (word core = 0; core < CORES; core++) {
                spawn_on(&client[core], core, EQUAL, sends, one, core);
                spawn_on(&server[core], core, EQUAL, sends, two, 10 + core);
        }
        let_run();
        turns_elsewhere();
        OK(seL4_CNode_CancelBadgedSends(AT(one))); /* they send again, behind the others */
        let_run();
        turns_elsewhere();
        for (word i = 0; i < 2 * CORES; i++) {
                seL4_NBRecv(ep, &badge, new_reply());
                EQ(badge, i < CORES ? 2 : 1);
        }
        UNTIL(get(&traced) == 2 * CORES);
}

TEST(smp_yield_to_another_core, "SMP-33")
{
        word unbound = new_sc(1000, 1000);

        EQ(seL4_SchedContext_YieldTo(unbound).error, seL4_IllegalOperation);
        spawn_on(&other, 1, EQUAL, counts, (word)&other, 0);
        spawn_on(&h, 1, EQUAL, counts, (word)&h, 0);
        CHECK(moves(&other));
        for (word i = 0; i < 10; i++)
                EQ(seL4_SchedContext_YieldTo(h.sc).error, seL4_NoError);
        CHECK(moves(&other));
        CHECK(moves(&h));
}

static void gives(word ep, word cap)
{
        seL4_SetCap(0, cap);
        seL4_Send(ep, seL4_MessageInfo_new(0, 0, 1, 0));
}

TEST(smp_a_capability_goes_to_another_core, "SMP-30")
{
        word ep = new_endpoint(), n = new_notification(), slot = new_slot(), badge;

        spawn_on(&h, 2, EQUAL, gives, ep, n);
        seL4_SetCapReceivePath(ROOT, slot, 64);
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, new_reply());
        EQ(seL4_MessageInfo_get_extraCaps(info), 1);
        seL4_Signal(slot);
        seL4_Poll(n, &badge);
        UNTIL(get(&h.done));
}

static void adds_by_two_steps(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        for (;;) {
                sum += seL4_GetMR(0);
                seL4_SetMR(0, seL4_GetMR(0) + 1);
                seL4_NBSendRecv(reply, seL4_MessageInfo_new(0, 0, 0, 1), ep, &badge, reply);
        }
}

/* The server answers with NBSendRecv: active on each core, and passive. */
TEST(smp_answers_by_nbsendrecv, "SMP-24")
{
        for (word to = 0; to <= CORES; to++) {
                word ep = new_endpoint(), reply = new_reply();

                sum = 0;
                spawn_on(&server[0], to % CORES, ABOVE, adds_by_two_steps, ep, reply);
                if (to == CORES) {
                        turns_elsewhere();
                        let_run();
                        helper_passive(&server[0]);
                }
                for (word from = 0; from < CORES; from++)
                        spawn_on(&client[from], from, EQUAL, calls, ep, 10);
                for (word from = 0; from < CORES; from++)
                        UNTIL(get(&client[from].done));
                EQ(sum, CORES * 45);
                OK(seL4_TCB_Suspend(server[0].tcb));
        }
}

static void yields_to(word sc, word helper)
{
        struct helper *own = (struct helper *)helper;

        put(&own->step, 1);
        while (!get(&traced))
                ;
        seL4_SchedContext_YieldTo(sc);
        put(&own->step, 2);
        counts(helper, 0);
}

/* It has yielded to a thread of its own core, which is then moved away: it waits no more. */
TEST(smp_yielded_to_one_that_is_moved, "SMP-33")
{
        word long_time = 60000000;

        spawn_on(&other, 1, EQUAL, counts, (word)&other, 0);
        OK(seL4_SchedControl_ConfigureFlags(control_of(1), other.sc, long_time, long_time, 0, 0, 0));
        CHECK(moves(&other));
        put(&traced, 0);
        spawn_on(&h, 1, ABOVE, yields_to, other.sc, (word)&h);
        UNTIL(get(&h.step) == 1);
        OK(seL4_TCB_SetPriority(other.tcb, seL4_CapInitThreadTCB, ABOVE));
        put(&traced, 1);
        CHECK(moves(&other));
        EQ(get(&h.step), 1);
        OK(place(other.sc, 2));
        UNTIL(get(&h.step) > 2);
        CHECK(moves(&other));
}
