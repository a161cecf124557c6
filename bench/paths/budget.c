/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens when a budget is used up: the next thread runs, or the timeout handler. */
#include "bench.h"

enum { BUDGET_US = 100, PERIOD_US = 200 };

static volatile word last; /* reading of the thread that uses up its budget */
static word seen;

static void spins(word unused, word unused_too)
{
        (void)unused;
        (void)unused_too;
        for (;;)
                last = begin_reading();
}

/* Whether a budget has ended between the spinner's last reading and `now`; earlier readings say nothing. */
static int note(word now)
{
        word then = last;

        if (then == seen)
                return 0;
        seen = then;
        if (then > now)
                return 0;
        sample(now - then);
        return 1;
}

static void watches(word rounds, word unused)
{
        (void)unused;
        for (word i = 0; i < rounds;)
                i += (word)note(end_reading());
        through();
}

/* Waits for its next period, again and again. */
static void comes_back(word rounds, word unused)
{
        (void)unused;
        for (word i = 0; i < rounds;) {
                seL4_Yield();
                i += (word)note(end_reading());
        }
        through();
}

static void handles(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        note(end_reading());
        for (word i = 1; i < ROUNDS; i++) {
                seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
                note(end_reading());
        }
        through();
}

static void give_time(struct helper *h, word period)
{
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h->sc, BUDGET_US, period, 0, 0,
                                            0));
}

static void spinner(struct helper *h, word timeouts)
{
        helper_make(h, PARTNER);
        give_time(h, PERIOD_US);
        OK(seL4_TCB_SetTimeoutEndpoint(h->tcb, timeouts));
        helper_start(h, spins, 0, 0);
}

TEST(budget_ends, "")
{
        struct helper a, b;

        counting();
        meeting();
        seen = last = 0;
        partner(&b, BELOW, 0, watches, ROUNDS, 0);
        spinner(&a, 0);
        await(1);
        cost("budget-ends", 1);
}

TEST(timeout, "")
{
        struct helper a, b;
        word ep = new_endpoint();

        counting();
        meeting();
        seen = last = 0;
        partner(&b, ABOVE, 0, handles, ep, new_reply());
        spinner(&a, ep);
        await(1);
        cost("timeout-handler", 1);
}

/* Two threads that take turns. */
TEST(slice_ends, "")
{
        struct helper a, b;

        counting();
        meeting();
        seen = last = 0;
        helper_make(&b, PARTNER);
        give_time(&b, BUDGET_US);
        helper_start(&b, watches, ROUNDS, 0);
        partner(&a, PARTNER, 0, spins, 0, 0);
        give_time(&a, BUDGET_US);
        await(1);
        cost("slice-ends", 1);
}

/* A thread gets its budget back and interrupts a lower one. */
TEST(budget_comes, "")
{
        struct helper a, b;

        counting();
        meeting();
        seen = last = 0;
        partner(&a, BELOW, 0, spins, 0, 0);
        helper_make(&b, PARTNER);
        give_time(&b, PERIOD_US);
        helper_start(&b, comes_back, ROUNDS, 0);
        await(1);
        cost("budget-comes", 1);
}
