/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads on cores. */
#include "smp.h"

enum { SLICE_US = 10000 };

word control_of(word core)
{
        return suite_boot->schedcontrol.start + core;
}

word place(word sc, word core)
{
        return seL4_SchedControl_ConfigureFlags(control_of(core), sc, SLICE_US, SLICE_US, 0, 0, 0);
}

#ifdef TESSERA_RELEASE
word affinity(word tcb)
{
        (void)tcb;
        return 0;
}

void send_ipi(word core, word sgi)
{
        (void)core, (void)sgi;
}
#else
word affinity(word tcb)
{
        return seL4_DebugGetThreadAffinity(tcb);
}

void send_ipi(word core, word sgi)
{
        seL4_DebugSendIPI((seL4_Uint8)core, (unsigned)sgi);
}
#endif

void spawn_on(struct helper *h, word core, word priority, helper_fn *fn, word a, word b)
{
        helper_make(h, priority);
        OK(place(h->sc, core));
        helper_start(h, fn, a, b);
}

void counts(word helper, word unused)
{
        struct helper *h = (struct helper *)helper;

        (void)unused;
        for (;;)
                put(&h->step, h->step + 1);
}

void yields(word helper, word unused)
{
        struct helper *own = (struct helper *)helper;

        (void)unused;
        for (;;) {
                put(&own->step, own->step + 1);
                seL4_Yield();
        }
}

int moves(struct helper *h)
{
        word before = get(&h->step);

        UNTIL(get(&h->step) != before);
        return 1;
}

static struct helper witness[CORES];

/* Threads of their own, below all others, which take turns with what runs there only if it lets them: so they are above. */
static void takes_turns(word helper, word unused)
{
        struct helper *h = (struct helper *)helper;

        (void)unused;
        for (word i = 0; i < 20; i++) {
                put(&h->step, i + 1);
                seL4_Yield();
        }
}

void turns_elsewhere(void)
{
        for (word core = 1; core < CORES; core++)
                spawn_on(&witness[core], core, ABOVE + 1, takes_turns, (word)&witness[core], 0);
        for (word core = 1; core < CORES; core++)
                UNTIL(get(&witness[core].done));
}

int rests(struct helper *h)
{
        word before = get(&h->step);

        turns_elsewhere();
        return get(&h->step) == before;
}
