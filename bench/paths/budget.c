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

static void spinner(struct helper *h, word timeouts)
{
        helper_make(h, PARTNER);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h->sc, BUDGET_US, PERIOD_US, 0, 0,
                                            0));
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
