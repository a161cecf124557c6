/* SPDX-License-Identifier: BSD-2-Clause */
/* The timer: short waits, deadlines already past, and periods without drift. */
#include "sched_common.h"

enum { PERIOD = 200, BUDGET = 60, LATENCY = 25 };

/* The host checks the whole kernel after every entry, so it does fewer. */
static word many(word n)
{
        return on_host() ? n / 10 : n;
}

/* --- short waits --- */

static word seed;

static word random_below(word n)
{
        seed = seed * 6364136223846793005ul + 1442695040888963407ul;
        return (seed >> 33) % n;
}

/* Budgets end and come back at every distance from the moment the timer is set: before, at and after it. */
static void waits_shortly(word helper, word unused)
{
        struct helper *h = (struct helper *)helper;

        (void)unused;
        for (;;) {
                configure(h->sc, refills(30 + random_below(20), 51 + random_below(60), random_below(4)));
                spin_us(random_below(90));
                seL4_Yield();
                h->step++;
        }
}

TEST(sched_no_wake_up_is_lost, "SCH-65")
{
        enum { WAITERS = 3 };
        const word rounds = many(100);
        static struct helper h[WAITERS];
        word before[WAITERS];

        seed = 1;
        for (word i = 0; i < WAITERS; i++)
                spawn(&h[i], EQUAL + i, waits_shortly, (word)&h[i], 0);
        for (word round = 0; round < rounds; round++) {
                for (word i = 0; i < WAITERS; i++)
                        before[i] = h[i].step;
                sleep_us(10 * MS);
                for (word i = 0; i < WAITERS; i++)
                        CHECK(h[i].step > before[i]);
        }
        CHECK(h[0].step + h[1].step + h[2].step > 40 * rounds);
}

TEST(sched_shortest_sleeps_end, "SCH-65")
{
        for (word i = 0; i < many(4000); i++) {
                word us = 2 * MIN_US + 10 + i % 50, start = now_us();

                sleep_us(us);
                CHECK(now_us() - start < us + 3 * SLACK_US);
        }
}

/* shows: known bugs 3 "Timer interrupt line not always de-asserted": a deadline in the past must not storm. */
TEST(sched_timer_does_not_storm, "SCH-65")
{
        struct helper h;

        spawn_at(&h, UPPER, waits_shortly, (word)&h, 0, 1 * MS, 10 * MS);
        sleep_us(5 * MS);
        OK(seL4_TCB_Suspend(h.tcb));
        word start = now_us(), longest = 0, last = start;

        while (now_us() - start < 5 * MS) {
                word now = now_us();

                if (now - last > longest)
                        longest = now - last;
                last = now;
                relax();
        }
        CHECK(longest < MIN_US);
}

/* --- drift --- */

struct pace {
        volatile word first, last, count, shortest, longest, early, late;
};

static void yields_in_pace(word argument, word unused)
{
        struct pace *p = (struct pace *)argument;

        (void)unused;
        *p = (struct pace){.shortest = ~0ul};
        seL4_Yield();
        p->first = p->last = now_us();
        for (;;) {
                seL4_Yield();
                word now = now_us(), distance = now - p->last, due = p->first + ++p->count * PERIOD;

                p->last = now;
                if (distance < p->shortest)
                        p->shortest = distance;
                if (distance > p->longest)
                        p->longest = distance;
                if (due > now && due - now > p->early)
                        p->early = due - now;
                if (now > due && now - due > p->late)
                        p->late = now - due;
        }
}

static struct pace pace;

static void keep_pace(word flags, word periods)
{
        struct helper h;

        helper_make(&h, EQUAL);
        give(&h, BUDGET, PERIOD, flags);
        helper_start(&h, yields_in_pace, (word)&pace, 0);
        sleep_us(periods * PERIOD);
        OK(seL4_TCB_Suspend(h.tcb));
}

/* shows: known bugs 3 "Each period grew by the interrupt overhead (drift)" */
TEST(sched_sporadic_periods_do_not_drift, "SCH-66")
{
        const word periods = many(10000);

        keep_pace(seL4_SchedContext_Sporadic, periods);
        NEAR(pace.count, periods, 2);
        CHECK(pace.early <= LATENCY);
        CHECK(pace.late <= LATENCY);
}

TEST(sched_constant_bandwidth_periods_are_never_shorter, "SCH-66")
{
        const word periods = many(10000);

        keep_pace(0, periods);
        CHECK(pace.count <= periods);
        CHECK(pace.count > periods * PERIOD / (PERIOD + LATENCY));
        CHECK(pace.shortest >= PERIOD - 2);
        CHECK(pace.longest <= PERIOD + LATENCY);
}
