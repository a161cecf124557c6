/* SPDX-License-Identifier: BSD-2-Clause */
/* A fair scheduler as a user program: shares in proportion to weights. */
#include "example.h"

enum { THREADS = 3, PERIODS = 200, PERIOD_US = 5000, BUDGET_US = 1000, FIRST = 20, LATER = 10, MINE = 250 };

static const char *const name[THREADS] = {"light", "middle", "heavy"};
static const uint64_t weight[THREADS] = {1, 2, 4};
static thread_t *thread[THREADS];
static uint64_t used[THREADS];

static void spin(void *unused)
{
        (void)unused;
        for (;;)
                __asm__ volatile("");
}

/* The thread that is furthest behind its share. */
static unsigned poorest(void)
{
        unsigned best = 0;

        for (unsigned i = 0; i < THREADS; i++) {
                used[i] += thread_time_used(thread[i]);
                best = used[i] * weight[best] < used[best] * weight[i] ? i : best;
        }
        return best;
}

static void schedule(void)
{
        unsigned first = poorest();

        for (unsigned i = 0; i < THREADS; i++)
                (void)thread_set_priority(thread[i], i == first ? FIRST : LATER);
        seL4_Yield(); /* until the next period */
}

int main(void)
{
        uint64_t total = 0;
        uint64_t weights = 0;

        example_start();
        (void)seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, MINE);
        (void)seL4_SchedControl_Configure(start_bootinfo()->schedcontrol.start, seL4_CapInitThreadSC,
                                          BUDGET_US, PERIOD_US, 0, 0);
        for (unsigned i = 0; i < THREADS; i++) {
                thread_config_t config = thread_defaults(name[i], spin, NULL);

                config.prio = LATER;
                thread[i] = thread_create_ex(&config);
        }
        for (unsigned i = 0; i < PERIODS; i++)
                schedule();
        (void)poorest();
        for (unsigned i = 0; i < THREADS; i++) {
                total += used[i];
                weights += weight[i];
        }
        for (unsigned i = 0; i < THREADS; i++) {
                uint64_t percent = used[i] * weights * 100 / (total * weight[i]);

                report("the share of %s is %s", name[i], percent >= 90 && percent <= 110 ? "right" : "wrong");
        }
        report("the scheduler left them %s",
               total > PERIODS * PERIOD_US / 4 * 3ul ? "most of the time" : "too little");
        report("end");
        return 0;
}
