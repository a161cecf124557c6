/* SPDX-License-Identifier: BSD-2-Clause */
/* A chain of calls on one context, cut from another core while its last server runs (spec smp.md 4.2; ipc.md 8.5 has the rows).
 *
 * A calls B through `r1`, B calls C through `r2`; C holds the context of A, on whose core it counts.
 */
#include "smp.h"

enum cut {
        REPLY_TOP,
        REPLY_LOWER,
        DELETE_TOP,
        DELETE_LOWER,
        SUSPEND_B,
        SUSPEND_A,
        SUSPEND_C,
        DELETE_C,
        UNBIND_C,
        UNBIND,
        CUTS
};

/* Whether C goes on, and whether B runs: after the event, and after a reply through the top afterwards. */
static const struct {
        unsigned char c, b, b_after_reply;
} row[CUTS] = {
        [REPLY_TOP] = {0, 1, 1},    [REPLY_LOWER] = {1, 0, 1}, [DELETE_TOP] = {0, 0, 0},
        [DELETE_LOWER] = {1, 0, 1}, [SUSPEND_B] = {1, 0, 0},   [SUSPEND_A] = {1, 0, 1},
        [SUSPEND_C] = {0, 0, 1},    [DELETE_C] = {0, 0, 1},    [UNBIND_C] = {0, 0, 1},
        [UNBIND] = {0, 0, 0},
};

static struct helper a, b, c;
static word first, second, r1, r2;

static void calls_b(word unused, word unused_too)
{
        (void)unused, (void)unused_too;
        seL4_Call(first, seL4_MessageInfo_new(0, 0, 0, 0));
        counts((word)&a, 0);
}

static void calls_c(word unused, word unused_too)
{
        word badge;

        (void)unused, (void)unused_too;
        seL4_Recv(first, &badge, r1);
        seL4_Call(second, seL4_MessageInfo_new(0, 0, 0, 0));
        counts((word)&b, 0);
}

static void receives_and_counts(word unused, word unused_too)
{
        word badge;

        (void)unused, (void)unused_too;
        seL4_Recv(second, &badge, r2);
        counts((word)&c, 0);
}

static void chain_up(word core)
{
        first = new_endpoint(), second = new_endpoint(), r1 = new_reply(), r2 = new_reply();
        spawn(&c, ABOVE, receives_and_counts, 0, 0);
        spawn(&b, ABOVE, calls_c, 0, 0);
        let_run();
        helper_passive(&c);
        helper_passive(&b);
        spawn_on(&a, core, EQUAL, calls_b, 0, 0);
        CHECK(moves(&c));
}

static void cut(word event)
{
        if (event == REPLY_TOP || event == REPLY_LOWER)
                seL4_Send(event == REPLY_TOP ? r2 : r1, seL4_MessageInfo_new(0, 0, 0, 0));
        else if (event == DELETE_TOP || event == DELETE_LOWER)
                OK(seL4_CNode_Delete(AT(event == DELETE_TOP ? r2 : r1)));
        else if (event == SUSPEND_A || event == SUSPEND_B || event == SUSPEND_C)
                OK(seL4_TCB_Suspend(event == SUSPEND_A ? a.tcb : event == SUSPEND_B ? b.tcb : c.tcb));
        else if (event == DELETE_C)
                OK(seL4_CNode_Delete(AT(c.tcb)));
        else if (event == UNBIND_C)
                OK(seL4_SchedContext_UnbindObject(a.sc, c.tcb));
        else
                OK(seL4_SchedContext_Unbind(a.sc));
}

/* Where time is not counted in instructions (the long form), this may miss a step, and never sees one that is none. */
static int stands(struct helper *h)
{
        word before = get(&h->step);

        sleep_us(2 * TURN_US);
        return get(&h->step) == before;
}

static int runs(struct helper *h, word it_should)
{
        return it_should ? moves(h) : stands(h);
}

TEST(smp_chain_is_cut_from_another_core, "SMP-29")
{
        for (word event = 0; event < CUTS; event++) {
                chain_up(1 + event % 3);
                cut(event);
                CHECK(runs(&c, row[event].c));
                CHECK(runs(&b, row[event].b));
                EQ(a.step, 0);
                if (event != DELETE_TOP)
                        seL4_Send(r2, seL4_MessageInfo_new(0, 0, 0, 0));
                CHECK(runs(&b, row[event].b_after_reply));
                if (row[event].b_after_reply)
                        CHECK(stands(&c)); /* the context went from it to B */
                EQ(a.step, 0);
                OK(seL4_TCB_Suspend(a.tcb));
                OK(seL4_TCB_Suspend(b.tcb));
                (void)seL4_TCB_Suspend(c.tcb); /* it may be gone */
        }
}
