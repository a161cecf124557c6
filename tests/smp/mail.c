/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals by letters (docs/smp.md, "The mailbox"): to threads that wait on core 1, from all others. */
#include "smp.h"

enum { ROUNDS = 60 * STRESS, CUTS = 25 * STRESS, PAUSE_US = 300 };

static struct helper waiter, sender[CORES], busy, ready;
static volatile word sent[CORES], heard[CORES], wrong, order[4], ordered;
static word answer[CORES]; /* notifications */

/* Whoever has signalled has written the next number before: at a notification, or bound to it at an endpoint. */
static void hears(word object, word reply)
{
        word badge;

        for (;;) {
                if (reply)
                        seL4_Recv(object, &badge, reply);
                else
                        seL4_Wait(object, &badge);
                for (word core = 0; core < CORES; core++) {
                        if (!(badge >> core & 1))
                                continue;
                        if (sent[core] != heard[core] + 1)
                                put(&wrong, badge);
                        put(&heard[core], heard[core] + 1);
                        seL4_Signal(answer[core]);
                }
        }
}

static void signals(word n, word core)
{
        for (word i = 1; i <= ROUNDS; i++) {
                sent[core] = i;
                seL4_Signal(n);
                seL4_Wait(answer[core], NULL);
        }
}

static void storm(word n, word priority, int bound)
{
        word ep = new_endpoint();

        put(&wrong, 0);
        for (word core = 0; core < CORES; core++) {
                put(&sent[core], 0);
                put(&heard[core], 0);
                answer[core] = new_notification();
        }
        helper_make(&waiter, priority);
        OK(place(waiter.sc, 1));
        if (bound)
                OK(seL4_TCB_BindNotification(waiter.tcb, n));
        helper_start(&waiter, hears, bound ? ep : n, bound ? new_reply() : 0);
        for (word core = 0; core < CORES; core++) {
                if (core != 1)
                        spawn_on(&sender[core], core, EQUAL, signals, minted(n, 1ul << core, seL4_AllRights),
                                 core);
        }
        for (word core = 0; core < CORES; core++) {
                if (core != 1)
                        UNTIL(get(&sender[core].done));
        }
        EQ(get(&wrong), 0);
        OK(seL4_TCB_Suspend(waiter.tcb));
}

/* None is lost, and each bit tells of one: on an idle core, and on one that computes below. */
TEST(smp_signals_of_three_cores_at_once, "SMP-27 SMP-47")
{
        storm(new_notification(), EQUAL, 0);
        spawn_on(&busy, 1, EQUAL, counts, (word)&busy, 0);
        storm(new_notification(), ABOVE, 0);
        OK(seL4_TCB_Suspend(busy.tcb));
}

TEST(smp_signals_to_a_bound_thread_of_another_core, "SMP-27 SMP-47")
{
        storm(new_notification(), EQUAL, 1);
        spawn_on(&busy, 1, EQUAL, counts, (word)&busy, 0);
        storm(new_notification(), ABOVE, 1);
        OK(seL4_TCB_Suspend(busy.tcb));
}

static void says(word id, word unused)
{
        (void)unused;
        put(&order[get(&ordered)], id);
        put(&ordered, get(&ordered) + 1);
}

static void waits_and_says(word n, word id)
{
        seL4_Wait(n, NULL);
        says(id, 0);
}

static void computes_until(word at, word unused)
{
        (void)unused;
        while (!get((volatile word *)at))
                ;
        says(1, 0);
}

/* Woken from another core, it comes before one of its priority that has been ready for longer. */
TEST(smp_woken_from_another_core_it_is_first, "SMP-27")
{
        static volatile word go;
        word n = new_notification(), long_time = 60000000;

        put(&go, 0);
        put(&ordered, 0);
        spawn_on(&waiter, 1, EQUAL, waits_and_says, n, 3);
        turns_elsewhere();
        helper_make(&busy, EQUAL);
        OK(seL4_SchedControl_ConfigureFlags(control_of(1), busy.sc, long_time, long_time, 0, 0, 0));
        helper_start(&busy, computes_until, (word)&go, 0);
        sleep_us(2000);
        spawn_on(&ready, 1, EQUAL, says, 2, 0);
        sleep_us(2000);
        seL4_Signal(n);
        sleep_us(2000);
        EQ(get(&ordered), 0);
        put(&go, 1);
        UNTIL(get(&ordered) == 3);
        EQ(order[0], 1);
        EQ(order[1], 3);
        EQ(order[2], 2);
}

/* What the slot names comes and goes. */
static void signals_for_ever(word slot, word helper)
{
        struct helper *own = (struct helper *)helper;

        for (;;) {
                seL4_NBSend(slot, seL4_MessageInfo_new(0, 0, 0, 0));
                put(&own->step, own->step + 1);
        }
}

static void hears_for_ever(word n, word helper)
{
        struct helper *own = (struct helper *)helper;

        for (;;) {
                seL4_Wait(n, NULL);
                put(&own->step, own->step + 1);
        }
}

/* A letter names the slot of a cap: whoever takes that away, or the thread, or its core, delivers it first. */
TEST(smp_caps_and_threads_go_while_signals_come, "SMP-40")
{
        word n = new_notification(), slot[CORES];

        spawn_on(&waiter, 1, ABOVE, hears_for_ever, n, (word)&waiter);
        spawn_on(&busy, 1, EQUAL, counts, (word)&busy, 0);
        for (word core = 2; core < CORES; core++) {
                slot[core] = new_slot();
                spawn_on(&sender[core], core, EQUAL, signals_for_ever, slot[core], (word)&sender[core]);
        }
        for (word i = 0; i < CUTS; i++) {
                for (word core = 2; core < CORES; core++)
                        OK(seL4_CNode_Mint(AT(slot[core]), AT(n), seL4_AllRights, core));
                CHECK(moves(&waiter));
                if (i % 3 == 0) {
                        OK(seL4_TCB_Suspend(waiter.tcb));
                        sleep_us(PAUSE_US);
                        OK(seL4_TCB_Resume(waiter.tcb));
                } else if (i % 3 == 1) {
                        OK(place(waiter.sc, 1 + i / 3 % 3));
                        CHECK(moves(&waiter));
                }
                OK(seL4_CNode_Revoke(AT(n)));
        }
        for (word core = 2; core < CORES; core++)
                CHECK(moves(&sender[core]));
        CHECK(moves(&busy));
        OK(seL4_CNode_Delete(AT(n)));
}
