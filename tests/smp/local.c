/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes past the door on each core (docs/smp.md, "Local mode"), beside what other cores do by it: receiving, and what the timer
 * finds due. */
#include "smp.h"

enum { WAYS = 3, PARCEL_ROUNDS = 300 * STRESS, BUDGET_US = 1000, PERIOD_US = 5000 };

static struct helper receiver[CORES], sender[CORES], sleeper[CORES], drowser[CORES], spinner[CORES],
        twin[CORES], other;
static volatile word wrong;

/* Each parcel has the number behind that of the last one. */
static void receives(word ep, word reply)
{
        word badge;

        for (word i = 0; i < PARCEL_ROUNDS; i++) {
                seL4_Recv(ep, &badge, reply);
                if (seL4_GetMR(0) != i)
                        put(&wrong, 1);
        }
}

static void sends(word ep, word unused)
{
        (void)unused;
        for (word i = 0; i < PARCEL_ROUNDS; i++) {
                seL4_SetMR(0, i);
                seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 1));
        }
}

/* The receiver waits if it is above, and the sender does if the receiver is below; in between it depends on slices. */
TEST(smp_receives_past_the_door, "SMP-24 SMP-55")
{
        static const word priority[WAYS] = {ABOVE, EQUAL, BELOW};

        wrong = 0;
        for (word way = 0; way < WAYS; way++) {
                for (word core = 1; core < CORES; core++) {
                        word ep = new_endpoint();

                        spawn_on(&twin[core], core, BELOW - 1, counts, (word)&twin[core], 0);
                        spawn_on(&receiver[core], core, priority[way], receives, ep, new_reply());
                        spawn_on(&sender[core], core, EQUAL, sends, ep, 0);
                }
                for (word core = 1; core < CORES; core++) {
                        UNTIL(get(&receiver[core].done) && get(&sender[core].done));
                        OK(seL4_TCB_Suspend(twin[core].tcb));
                }
        }
        EQ(wrong, 0);
}

static void calls_below(word ep, word unused)
{
        (void)unused;
        for (word i = 0; i < PARCEL_ROUNDS; i++) {
                seL4_SetMR(0, i);
                seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 1));
                if (seL4_GetMR(0) != i + 1)
                        put(&wrong, 1);
        }
}

/* Whoever receives comes back to its endpoint when the next call waits there already. */
static void answers_above(word ep, word reply)
{
        word badge;

        for (word i = 0; i < PARCEL_ROUNDS; i++) {
                seL4_Recv(ep, &badge, reply);
                seL4_SetMR(0, seL4_GetMR(0) + 1);
                seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 1));
        }
}

TEST(smp_calls_that_wait_past_the_door, "SMP-24 SMP-55")
{
        wrong = 0;
        for (word core = 1; core < CORES; core++) {
                word ep = new_endpoint();

                spawn_on(&twin[core], core, BELOW, counts, (word)&twin[core], 0);
                spawn_on(&receiver[core], core, EQUAL, answers_above, ep, new_reply());
                spawn_on(&sender[core], core, ABOVE, calls_below, ep, 0);
        }
        for (word core = 1; core < CORES; core++) {
                UNTIL(get(&receiver[core].done) && get(&sender[core].done));
                OK(seL4_TCB_Suspend(twin[core].tcb));
        }
        EQ(wrong, 0);
}

static void offers(word ep, word reply)
{
        word badge;

        for (word i = 0; i < PARCEL_ROUNDS; i++) {
                seL4_NBRecv(ep, &badge, reply);
                seL4_Yield();
        }
}

/* A reply object that two cores offer in turn: whose receive waits with it has to begin again, and gets all parcels. */
TEST(smp_one_reply_object_on_two_cores, "SMP-24 SMP-30")
{
        word ep = new_endpoint(), reply = new_reply();

        wrong = 0;
        spawn_on(&twin[1], 1, BELOW, counts, (word)&twin[1], 0);
        spawn_on(&receiver[1], 1, ABOVE, receives, ep, reply);
        spawn_on(&other, 2, EQUAL, offers, new_endpoint(), reply);
        spawn_on(&sender[1], 1, EQUAL, sends, ep, 0);
        for (word turn = 0; !get(&receiver[1].done) && turn < TURNS; turn++) {
                OK(seL4_TCB_Resume(receiver[1].tcb));
                sleep_us(TURN_US);
        }
        CHECK(get(&receiver[1].done));
        EQ(wrong, 0);
}

/* Its budget comes back every period, though it gives it up at once. */
static void sleeps(word helper, word unused)
{
        struct helper *own = (struct helper *)helper;

        (void)unused;
        for (;;) {
                put(&own->step, own->step + 1);
                seL4_Yield();
        }
}

static void make_sleeper(struct helper *h, word core)
{
        helper_make(h, ABOVE);
        OK(seL4_SchedControl_ConfigureFlags(control_of(core), h->sc, BUDGET_US, PERIOD_US, 0, 0, 0));
        helper_start(h, sleeps, (word)h, 0);
}

/* Two threads that take turns by their slices, and two that interrupt them, on each core, at times both at once; a machine that runs one
 * core after the other may miss periods, but none comes twice. */
TEST(smp_slices_and_periods_past_the_door, "SMP-52 SMP-55")
{
        word from[CORES], turns[CORES];

        for (word core = 1; core < CORES; core++) {
                make_sleeper(&sleeper[core], core);
                make_sleeper(&drowser[core], core);
                spawn_on(&spinner[core], core, EQUAL, counts, (word)&spinner[core], 0);
                spawn_on(&twin[core], core, EQUAL, counts, (word)&twin[core], 0);
        }
        for (word core = 1; core < CORES; core++)
                CHECK(moves(&spinner[core]) && moves(&twin[core]) && moves(&sleeper[core]) &&
                      moves(&drowser[core]));
        for (word core = 1; core < CORES; core++)
                from[core] = get(&sleeper[core].step);
        word before = now_us();
        sleep_us(40 * PERIOD_US);
        for (word core = 1; core < CORES; core++)
                turns[core] = get(&sleeper[core].step) - from[core];
        word periods = (now_us() - before) / PERIOD_US;
        for (word core = 1; core < CORES; core++) {
                CHECK(turns[core] <= periods + 1);
                CHECK(moves(&spinner[core]) && moves(&twin[core]) && moves(&sleeper[core]) &&
                      moves(&drowser[core]));
        }
}
