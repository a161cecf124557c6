/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread has used is read on another core while it runs: up to now, even if its own has not seen yet that its slice is over. */
#include "invoke/labels.h"
#include "tests/cores/made.h"
#include "tests/lib/test.h"
#include "thread/registers.h"
#include "time/clock.h"

static word core_2_first(word able, word last)
{
        return able >> 2 & 1 ? 2 : able >> last & 1 ? last : (word)__builtin_ctzl(able);
}

/* By the second caller, microseconds. */
static word read_used(void)
{
        ask_and_wait(1, (struct job){.number = USER_CALL,
                                     .cptr = at(SUBJECT) + 1,
                                     .message = about(LABEL_SCHED_CONTEXT_CONSUMED, 0, 0, 0, 0)});
        CHECK_EQUAL(w.job[1].answer, 0);
        return w.caller[1]->context.x[REG_MESSAGE];
}

void work_read_used(void)
{
        static const word passes[] = {2, BUDGET / 2, BUDGET - 2, BUDGET, BUDGET + 2, 5 * BUDGET / 2};

        for (word i = 0; i < sizeof passes / sizeof passes[0]; i++) {
                work_make();
                CHECK(kernel.peer[3]->current == w.subject);
                read_used();
                machine_choice = core_2_first;
                host_advance(ticks_from_us(passes[i]));
                CHECK_EQUAL(read_used(), passes[i]);
                CHECK_EQUAL(read_used(), 0); /* nor did that core count it again */
                host_advance(ticks_from_us(BUDGET));
                CHECK_EQUAL(read_used(), BUDGET);
                machine_choice = NULL;
                machine_check();
        }
}
