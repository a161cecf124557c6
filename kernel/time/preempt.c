/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether time is over: that of the budget that is charged, that of the domain.  See preempt.h. */
#include "time/preempt.h"
#include "arch/arch.h"
#include "door/door.h"
#include "time/clock.h"
#include "time/sched_context.h"

bool budget_is_over(void)
{
        struct core *core = this_core();
        struct sched_context *s = core->charged;

        if (!s || !sc_is_configured(s))
                return false;
        while (!sc_has_budget(s, clock_unpaid(core))) {
                if (!s->behind)
                        return true;
                sc_catch_up(s);
                core->reprogram = true;
        }
        return false;
}

bool domain_is_over(void)
{
        return kernel.domains > 1 && this_core()->now + budget_min() >= this_core()->domain_end;
}

bool preempt_due(void)
{
        this_core()->work = 0;
        clock_account();
        return arch_interrupt_pending() || budget_is_over() || domain_is_over();
}

__attribute__((noinline)) bool preempt_due_kept(void)
{
        return preempt_due() || (several_cores() && door_is_wanted());
}
