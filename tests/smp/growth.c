/* SPDX-License-Identifier: BSD-2-Clause */
/* What a round trip between two threads of one core costs while every core has such a pair.
 *
 * Where time is counted in instructions (tests/smp/run), all cores share one count: what the pairs take together is the sum of what they
 * execute.  At times one of them is inside the door, because of an interrupt, and the others find it there.  Were they to queue at once,
 * the next message would find them there, and so on: that costs more than twice as much (docs/smp.md, "Local mode").
 */
#include "smp.h"

enum { MOST = 8, ROUND_TRIPS = 2000, AS_ALONE = 95 /* % of what all could do at least */ };

static struct helper caller[MOST], server[MOST];
static volatile word ended_at[MOST];

static void answers(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        for (;;)
                seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
}

static void calls(word ep, word core)
{
        for (word i = 0; i < ROUND_TRIPS; i++)
                seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));
        put(&ended_at[core], machine_ticks());
}

static void set_up(word core, word ep, word passive)
{
        put(&ended_at[core], 0);
        spawn_on(&server[core], core, ABOVE, answers, ep, new_reply());
        sleep_us(10 * TURN_US); /* it waits, where it is at home */
        if (passive)
                helper_passive(&server[core]);
        helper_make(&caller[core], EQUAL);
        OK(place(caller[core].sc, core));
}

/* Ticks until the last of them has ended. */
static word pairs_take(word pairs, word passive)
{
        word ep[MOST], last = 0;

        for (word core = 0; core < pairs; core++) {
                ep[core] = new_endpoint();
                set_up(core, ep[core], passive);
        }
        word start = machine_ticks();
        for (word core = 0; core < pairs; core++)
                helper_start(&caller[core], calls, ep[core], core);
        for (word core = 0; core < pairs; core++) {
                for (word turn = 0; !get(&ended_at[core]); turn++) {
                        CHECK(turn < TURNS);
                        sleep_us(20 * TURN_US);
                }
                last = get(&ended_at[core]) > last ? get(&ended_at[core]) : last;
        }
        return last - start;
}

TEST(growth_of_pairs_on_their_own_cores, "SMP-55")
{
        word cores = suite_boot->numNodes;

        for (word passive = 0; passive < 2; passive++) {
                word one = pairs_take(1, passive), all = pairs_take(cores, passive);

                say("growth: %lu cores, passive %lu: %lu ticks for %lu round trips of one pair, %lu with a "
                    "pair on each\n",
                    cores, passive, one, (word)ROUND_TRIPS, all);
#ifndef SMP_LONG /* where time is that of the host */
                CHECK(all * AS_ALONE <= one * cores * 100);
#endif
        }
}
