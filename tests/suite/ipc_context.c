/* SPDX-License-Identifier: BSD-2-Clause */
/* The caller of a two-phase call gives its scheduling context away and takes another one in the same call. */
#include "ipc_common.h"

enum { SPENT = 1000, PERIOD = 200000 };

static void spins(word unused1, word unused2)
{
        (void)unused1;
        (void)unused2;
        for (;;)
                relax();
}

/* A notification whose context is used up for about PERIOD; *sc is that context. */
static word spent_lender(word *sc)
{
        word ntfn = new_notification();
        struct helper h;

        *sc = new_sc(SPENT, PERIOD);
        helper_make(&h, HIGH);
        OK(seL4_SchedContext_Unbind(h.sc));
        OK(seL4_SchedContext_Bind(*sc, h.tcb));
        helper_start(&h, spins, 0, 0);
        sleep_us(4 * SPENT);
        OK(seL4_SchedContext_UnbindObject(*sc, h.tcb));
        OK(seL4_SchedContext_Bind(*sc, ntfn));
        return ntfn;
}

/* `w` has given its context to `r`, and waits for that of the notification; `r` has ended. */
static void waits_for_its_budget(struct agent *w, struct agent *r, word sc)
{
        CHECK(agent_is(r, 1));
        EQ(w->h.step, 0);
        sleep_us(PERIOD / 2);
        EQ(w->h.step, 0);
        sleep_us(PERIOD);
        CHECK(agent_is(w, 1));
        EQ(agent_out(w, 0)[0], 0x9a);
        CHECK(sc_is_on(sc, w));
}

/* shows: a runnable thread was in no queue and never ran again */
TEST(context_taken_when_used_up, "IPC-77")
{
        word sc, ntfn = spent_lender(&sc), ep = new_endpoint();
        struct agent w, r;

        agent_make(&r, LOW);
        does_recv(&r, ep, new_reply());
        agent_passive(&r);
        seL4_Signal(minted(ntfn, 0x9a, seL4_AllRights));
        agent_make(&w, MIDDLE);
        does_nbsend_wait(&w, ep, info_word(0, 0, 1), ntfn);
        does_wait(&w, new_notification());
        agent_start(&w);
        waits_for_its_budget(&w, &r, sc);
}

TEST(context_taken_through_a_binding, "IPC-77 IPC-79")
{
        word sc, ntfn = spent_lender(&sc), ep = new_endpoint(), from_reply[2] = {new_endpoint(), new_reply()};
        struct agent w, r;

        agent_make(&r, LOW);
        does_recv(&r, ep, new_reply());
        agent_passive(&r);
        agent_make(&w, MIDDLE);
        OK(seL4_TCB_BindNotification(w.h.tcb, ntfn));
        seL4_Signal(minted(ntfn, 0x9a, seL4_AllRights));
        does_nbsend_recv(&w, ep, info_word(0, 0, 1), from_reply);
        does_wait(&w, new_notification());
        agent_start(&w);
        waits_for_its_budget(&w, &r, sc);
}

/* With time left the caller just goes on. */
TEST(context_taken_with_budget, "IPC-77")
{
        word ntfn = new_notification(), sc = new_sc(SPENT, PERIOD), ep = new_endpoint();
        struct agent w, r;

        OK(seL4_SchedContext_Bind(sc, ntfn));
        agent_make(&r, LOW);
        does_recv(&r, ep, new_reply());
        agent_passive(&r);
        seL4_Signal(minted(ntfn, 0x9a, seL4_AllRights));
        agent_make(&w, MIDDLE);
        does_nbsend_wait(&w, ep, info_word(0, 0, 1), ntfn);
        does_wait(&w, new_notification());
        agent_start(&w);
        CHECK(agent_is(&w, 1));
        EQ(r.h.step, 1);
        CHECK(sc_is_on(sc, &w));
}
