/* SPDX-License-Identifier: BSD-2-Clause */
/* Which domain runs, and until when.  Owns kernel.schedule, kernel.domains,
 * core->domain, core->domain_end and core->ready. */
#include "sched/domain.h"
#include "core/state.h"
#include "sched/sched.h"
#include "time/clock.h"

void domain_start(word domains)
{
        kernel.domains = domains;
        this_core()->domains = domains > 1;
        kernel.schedule_length = domains > 1 ? SCHEDULE_MAX : 2;
        kernel.schedule_start = 0;
        kernel.schedule[0] = (struct domain_slot){0, ones(DOMAIN_DURATION_BITS)};
        domain_enter(0);
}

void domain_start_core(void)
{
        struct core *core = this_core();

        core->domain = core->number;
        core->ready = &kernel.ready[core->number];
        core->ready->whose = (uint8_t)core->number;
        core->domain_end = ~(word)0;
}

void domain_enter(word index)
{
        struct core *core = this_core();

        core->domain_index = index;
        core->domain = kernel.schedule[index].domain;
        core->domain_born = core->domain;
        core->ready = &kernel.ready[core->domain];
        core->ready->whose = (uint8_t)core->domain;
        core->domain_end = core->now + kernel.schedule[index].duration;
        core->reprogram = true;
        sched_force();
}

void domain_next(void)
{
        word next = this_core()->domain_index + 1;

        if (next >= kernel.schedule_length || kernel.schedule[next].duration == 0)
                next = kernel.schedule_start;
        domain_enter(next);
}
