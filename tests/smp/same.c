/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations about a thread that runs on another core are answered as those about one of this core (spec smp.md 5): all labels of threads
 * and scheduling contexts, with any capabilities and words, right or wrong, one after the other. */
#include "smp.h"

enum {
        ASKED = 3000 * STRESS,
        AFRESH = 500,  /* then both threads run as at first */
        FIRST_TCB = 3, /* labels: WriteRegisters */
        LAST_TCB = 17,
        FIRST_SC = 33,
        LAST_SC = 39,
        HIGHEST = SUITE_PRIORITY - 1, /* else they would not stand back for the test */
        CAPS = 14,
        WORDS = 7,
};

struct side {
        struct helper h;
        word core, sc, cap[CAPS];
};

struct answer {
        word label, length, word[2];
};

static struct side side[2];
static uint64_t state;

static word any(word below)
{
        state = state * 6364136223846793005ul + 1442695040888963407ul;
        return (state >> 33) % below;
}

static void begin(struct side *s)
{
        seL4_TCB_Suspend(s->h.tcb);
        seL4_SchedContext_Unbind(s->h.sc);
        seL4_SchedContext_Unbind(s->sc);
        seL4_TCB_UnbindNotification(s->h.tcb);
        OK(place(s->h.sc, s->core));
        OK(place(s->sc, s->core));
        OK(seL4_TCB_Configure(s->h.tcb, ROOT, 0, VSPACE, 0, s->h.buffer, s->h.frame));
        OK(seL4_TCB_SetMCPriority(s->h.tcb, seL4_CapInitThreadTCB, HIGHEST));
        OK(seL4_TCB_SetSchedParams(s->h.tcb, seL4_CapInitThreadTCB, HIGHEST, EQUAL, s->h.sc, seL4_CapNull));
        helper_start(&s->h, counts, (word)&s->h, 0);
        CHECK(moves(&s->h));
}

static void make(struct side *s, word core, word authority)
{
        helper_make(&s->h, EQUAL);
        s->core = core;
        s->sc = new_sc(5000, 5000);
        word n = new_notification(), ep = new_endpoint();
        const word cap[CAPS] = {0,
                                s->h.tcb,
                                s->h.sc,
                                n,
                                ep,
                                new_reply(),
                                s->sc,
                                new_object(seL4_CapTableObject, 4),
                                ROOT,
                                VSPACE,
                                s->h.frame,
                                authority,
                                minted(ep, 8, seL4_CanRead),
                                minted(n, 9, seL4_CanWrite)};

        for (word i = 0; i < CAPS; i++)
                s->cap[i] = cap[i];
        begin(s);
}

/* What is asked follows from the state of the random numbers alone. */
static struct answer ask(const struct side *s)
{
        static const word words[] = {0,   1,   2,   3,   5,   36,  63,   64,    65,   100,       HIGHEST,
                                     200, 254, 255, 256, 257, 320, 5000, 10000, 4096, 1ul << 32, ~0ul};
        word kind = any(8), target, label;

        if (kind < 5) {
                target = s->h.tcb;
                label = FIRST_TCB + any(LAST_TCB - FIRST_TCB + 1);
        } else {
                target = kind < 7 ? s->cap[any(2) ? 2 : 6] : control_of(s->core);
                label = FIRST_SC + any(LAST_SC - FIRST_SC + 1);
        }
        for (word i = 0; i < 3; i++)
                seL4_SetCap((int)i, s->cap[any(CAPS)]);
        for (word i = 0; i < WORDS; i++)
                seL4_SetMR((int)i, words[any(sizeof(words) / sizeof(words[0]))]);
        word caps = any(4), length = any(WORDS + 1);
        seL4_MessageInfo_t r = seL4_Call(target, seL4_MessageInfo_new(label, 0, caps, length));

        return (struct answer){seL4_MessageInfo_get_label(r),
                               seL4_MessageInfo_get_length(r),
                               {seL4_GetMR(0), seL4_GetMR(1)}};
}

TEST(smp_answers_as_about_a_thread_of_this_core, "SMP-34 SMP-36 SMP-37 SMP-42")
{
        static struct helper authority;
        word refused = 0;

        state = 1;
        helper_make(&authority, BELOW);
        OK(seL4_TCB_SetMCPriority(authority.tcb, seL4_CapInitThreadTCB, HIGHEST));
        for (word i = 0; i < 2; i++)
                make(&side[i], i ? CORES - 1 : 0, authority.tcb);
        for (word i = 0; i < ASKED; i++) {
                uint64_t before = state;
                struct answer here = ask(&side[0]), there;

                state = before;
                there = ask(&side[1]);
                EQ(there.label, here.label);
                EQ(there.length, here.length);
                refused += here.label != seL4_NoError;
                for (word w = 0; w < 2 && here.label != seL4_NoError && w < here.length; w++)
                        EQ(there.word[w], here.word[w]);
                if (i % AFRESH == AFRESH - 1)
                        for (word n = 0; n < 2; n++)
                                begin(&side[n]);
        }
        CHECK(refused > ASKED / 2 && refused < ASKED - ASKED / 10);
}
