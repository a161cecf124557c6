/* SPDX-License-Identifier: BSD-2-Clause */
/* See deadline.h.  Owns core->gate. */
#include "sched/deadline.h"
#include "arch/arch.h"
#include "core/state.h"
#include "thread/thread.h"
#include "time/clock.h"
#include "time/sched_context.h"

static word less(word time, word ticks)
{
        return time > ticks ? time - ticks : 0;
}

/* The gate of budget: the first tick at which the head has less than MIN left. */
static word budget_end(const struct core *core)
{
        struct sched_context *s = core->charged;

        if (!s || !sc_is_configured(s))
                return ~(word)0;
        return core->since + less(sc_head(s)->amount + 1, budget_min());
}

void clock_set_gate(void)
{
        struct core *core = this_core();
        word gate = budget_end(core);

        if (kernel.domains > 1)
                gate = min_word(gate, less(core->domain_end, budget_min()));
        if (core->release)
                gate = min_word(gate, core->release->release_time);
        core->gate = gate;
}

/* One look at each input serves the deadline and the gate. */
void clock_program(void)
{
        struct core *core = this_core();
        word deadline = ~(word)0, gate = budget_end(core);

        if (core->charged)
                deadline = core->now + sc_head(core->charged)->amount;
        if (rarely(kernel.domains > 1)) {
                deadline = min_word(deadline, core->domain_end);
                gate = min_word(gate, less(core->domain_end, budget_min()));
        }
        if (core->release) {
                /* An interrupt for which the release of due threads stopped comes first: a timer that is already late would be claimed
                 * before it, again and again until no thread is due. */
                word due = rarely(core->overdue) ? core->now + budget_min() : core->release->release_time;

                deadline = min_word(deadline, due);
                gate = min_word(gate, core->release->release_time);
        }
        arch_set_deadline(deadline);
        core->gate = gate;
        core->reprogram = false;
}
