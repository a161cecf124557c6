/* SPDX-License-Identifier: BSD-2-Clause */
/* What existing programs measure (scheduling.md 17), with their tolerances. */
#include "sched_common.h"

enum { PERIODIC = 3, ROUNDS = 12 };

/* The step is counted at each activation. */
static void counts_and_yields(word helper, word id)
{
        struct helper *h = (struct helper *)helper;

        for (;;) {
                h->step++;
                if (id)
                        mark(id);
                seL4_Yield();
        }
}

TEST(sched_client_periodic_thread, "SCH-39")
{
        struct helper h;

        spawn_at(&h, EQUAL, counts_and_yields, (word)&h, 0, 200 * MS, 1000 * MS);
        for (word i = 1; i <= 4; i++) {
                sleep_us((i == 1 ? 500 : 1000) * MS);
                EQ(h.step, i);
        }
}

TEST(sched_client_equal_budgets_three_periods, "SCH-39")
{
        static const word PERIOD[PERIODIC] = {25, 50, 100};
        static struct helper h[PERIODIC];

        for (word i = 0; i < PERIODIC; i++)
                spawn_at(&h[i], EQUAL, counts_and_yields, (word)&h[i], 0, 20 * MS, PERIOD[i] * MS);
        sleep_us(100 * MS * 5 - 5 * MS);
        CHECK(h[2].step >= 5);
        CHECK(h[1].step >= 2 * h[2].step);
        CHECK(h[0].step >= 4 * h[2].step);
}

TEST(sched_client_shorter_period_is_ahead, "SCH-35")
{
        static struct helper h[2];

        trace_clear();
        spawn_at(&h[1], EQUAL, counts_and_yields, (word)&h[1], 2, 99 * MS, 200 * MS);
        spawn_at(&h[0], EQUAL, counts_and_yields, (word)&h[0], 1, 99 * MS, 100 * MS);
        for (word i = 0; i < ROUNDS; i++) {
                sleep_us(95 * MS);
                CHECK(h[0].step >= h[1].step);
        }
        EQ(trace[0], 1);
        NEAR(h[0].step, 2 * h[1].step, 1);
}

TEST(sched_client_suspended_and_resumed_ten_times, "SCH-33")
{
        struct helper h;

        spawn_at(&h, EQUAL, counts_and_yields, (word)&h, 0, 1000 * MS, 600000 * MS);
        sleep_us(1 * MS);
        EQ(h.step, 1);
        for (word i = 0; i < 10; i++) {
                OK(seL4_TCB_Suspend(h.tcb));
                OK(seL4_TCB_Resume(h.tcb));
                sleep_us(1 * MS);
        }
        EQ(h.step, 1);
}

/* The default of a known framework: 1 ms round robin, all of one priority, servers woken by notifications. */
enum { RING = 3, SIGNALS = 40 };

static void relays(word from, word to)
{
        for (;;) {
                seL4_Wait(from, NULL);
                mark(from);
                if (trace_length < SIGNALS)
                        seL4_Signal(to);
        }
}

/* Each has time only while it handles a signal: the context is its notification's. */
TEST(sched_client_ring_of_passive_domains, "SCH-51")
{
        static struct helper h[RING];
        word bell = new_slots(RING);

        trace_clear();
        OK(seL4_Untyped_Retype(test_untyped(), seL4_NotificationObject, 0, ROOT, 0, 0, bell, RING));
        for (word i = 0; i < RING; i++) {
                helper_make(&h[i], EQUAL);
                give(&h[i], 1 * MS, 1 * MS, 0);
                OK(seL4_SchedContext_Bind(h[i].sc, bell + i));
                helper_start(&h[i], relays, bell + i, bell + (i + 1) % RING);
        }
        let_run();
        for (word i = 0; i < RING; i++)
                EQ(seL4_SchedContext_UnbindObject(h[i].sc, h[i].tcb), seL4_IllegalOperation);
        seL4_Signal(bell);
        let_run();
        EQ(trace_length, SIGNALS);
        for (word i = 0; i < SIGNALS; i++)
                EQ(trace[i], bell + i % RING);
}
