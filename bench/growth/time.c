/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that wait for budget, and threads that are due at one instant. */
#include "crowd.h"

enum { BUDGET_US = 100, SECOND_US = 1000000, CALM = 64, BELOW_TEST = 50, EACH_US = 15, AFTER_US = 2000 };

static word threads, contexts;

/* The thread yields, and so waits for the end of its period. */
static const struct does yields = {crowd_call, seL4_SysYield, 0, 0, 0, 0};

static void configure(word sc, word period_us)
{
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, sc, BUDGET_US, period_us, 0, 0,
                                            0));
}

static void sleeper(word i, word period_us)
{
        configure(contexts + i, period_us);
        crowd_prepare(threads + i, contexts + i, FIRST);
        crowd_start(threads + i, &yields);
}

static void make(word n)
{
        counting();
        threads = crowd_objects(seL4_TCBObject, 0, n);
        contexts = crowd_objects(seL4_SchedContextObject, seL4_MinSchedContextBits + 1, n);
        root_priority(ROOT_LOW);
}

static void release_queue(word n)
{
        const struct {
                const char *name;
                word period_us;
        } at[] = {{"front", 500 * SECOND_US},
                  {"middle", 1000 * SECOND_US + n / 2 * 1000},
                  {"end", 3000ul * SECOND_US}};
        const struct does probe = {crowd_probe, seL4_SysYield, 0, 0, 0, 0};

        make(n);
        for (word i = 0; i < n; i++)
                sleeper(i, 1000 * SECOND_US + i * 7919 % n * 1000);
        for (word i = 0; i < 3; i++) {
                word tcb = new_object(seL4_TCBObject, 0), sc = new_object(seL4_SchedContextObject, 9), left,
                     joined;

                configure(sc, at[i].period_us);
                joined = join_cost(tcb, sc, FIRST, &probe, &left);
                grow("release-queue-joins", at[i].name, n, joined, 1);
                grow("release-queue-leaves", at[i].name, n, left, 1);
        }
}

/* All due within a microsecond; the test is above them then, and adds up what it lost. */
static void due(word n)
{
        word then, lost = 0, longest = 0, at, now;

        make(n);
        then = now_us() + n * EACH_US + AFTER_US;
        for (word i = 0; i < n; i++)
                sleeper(i, then - now_us());
        for (word i = 0; i < n; i++)
                OK(seL4_TCB_SetPriority(threads + i, seL4_CapInitThreadTCB, BELOW_TEST));
        CHECK(now_us() + BUDGET_US < then);
        spin_us(then - BUDGET_US - now_us());
        for (word end = (at = end_reading()) + AFTER_US * 1000ul + n * 1000; at < end; at = now) {
                now = end_reading();
                if (now - at > CALM) {
                        lost += now - at;
                        longest = now - at > longest ? now - at : longest;
                }
        }
        CHECK(lost);
        grow("due", "each", n, lost, n);
        grow("due", "longest-gap", n, longest, 1);
}

GROWS(release_queue, release_queue)
TEST(release_queue_128, "")
{
        release_queue(128);
}

GROWS(due, due)
