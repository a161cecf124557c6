/* SPDX-License-Identifier: BSD-2-Clause */
/* See fuzz_state.h.  libFuzzer reads the section as it reads its own counters: an input that sets a byte which none set
 * before is kept and built upon. */
#include "tests/fuzz/fuzz_state.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "tests/fuzz/fuzz_machine.h"
#include "time/sched_context.h"

enum time { TIME_NONE, TIME_HELD, TIME_FREE, TIME_USED_UP, TIMES };

enum {
        SIGNALS = 1 + 3 * TIMES, /* none; quiet, awaited or raised, each with a context or not */
        MEETINGS = 5,            /* nobody; senders or receivers, the first with a context or not */
        RUNNERS = 8,             /* context sporadic, lent through a reply object; others wait for budget */
        SITUATIONS = RUNNERS * SIGNALS * SIGNALS * MEETINGS * FUZZ_STEP_KINDS,
};

static uint8_t seen[SITUATIONS] __attribute__((section("__libfuzzer_extra_counters"), used));

static enum time time_of(struct sched_context *s)
{
        if (!s)
                return TIME_NONE;
        if (s->thread)
                return TIME_HELD;
        return sc_is_usable(s) ? TIME_FREE : TIME_USED_UP;
}

static word signal_of(const struct notification *n)
{
        word state = n->raised ? 2 : !waitq_is_empty(&n->waiters);

        return 1 + state * TIMES + time_of(n->sc);
}

static word signal_in(word slot)
{
        return fuzz_kind(slot) == CAP_NOTIFICATION ? signal_of(cap_object(fuzz_cap(slot))) : 0;
}

static word meeting_in(word slot)
{
        const struct endpoint *e = cap_object(fuzz_cap(slot));

        if (fuzz_kind(slot) != CAP_ENDPOINT || waitq_is_empty(&e->queue))
                return 0;
        return 1 + 2 * (e->holds == ENDPOINT_RECEIVERS) + (e->queue.first->sc != NULL);
}

static word runner(void)
{
        const struct core *core = this_core();
        const struct sched_context *s = core->current->sc;

        return (s && s->sporadic) | (word)(s && s->reply) << 1 | (word)(core->release != NULL) << 2;
}

void fuzz_state(enum fuzz_step kind)
{
        const struct thread *t = sim_current();
        word bound = t->bound ? signal_of(t->bound) : 0;

        for (word e = 0; e < 2; e++) {
                for (word n = 0; n < 2; n++) {
                        word i = (runner() * SIGNALS + bound) * SIGNALS + signal_in(FUZZ_NOTIFICATION + n);

                        seen[(i * MEETINGS + meeting_in(FUZZ_ENDPOINT + e)) * FUZZ_STEP_KINDS + kind] = 1;
                }
        }
}
