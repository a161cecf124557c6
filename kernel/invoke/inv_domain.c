/* SPDX-License-Identifier: BSD-2-Clause */
/* Domain invocations (spec objects.md 10, scheduling.md 14). */
#include "core/state.h"
#include "invoke/invoke.h"
#include "sched/domain.h"
#include "sched/sched.h"

enum outcome domain_set(struct request *r)
{
        word domain = request_word(r, 0);

        if (domain >= kernel.domains)
                return refuse_argument(r, 0);
        if (r->extras < 1)
                return refuse_truncated(r);
        if (cap_kind(r->extra[0]->cap) != CAP_TCB)
                return refuse_argument(r, 1);
        struct thread *t = cap_object(r->extra[0]->cap);
        sched_set_domain(t, kernel.multicore ? t->domain : domain); /* there it is its core (sched/cores.h) */
        return DONE;
}

enum outcome domain_configure(struct request *r)
{
        word index = request_word(r, 0), domain = request_word(r, 1), duration = request_word(r, 2);

        if (index >= kernel.schedule_length - 1)
                return refuse_range(r, 0, kernel.schedule_length - 2);
        if (domain >= kernel.domains)
                return refuse_range(r, 0, kernel.domains - 1);
        if (duration > ones(DOMAIN_DURATION_BITS))
                return refuse_argument(r, 2);
        if (duration == 0 && domain != 0)
                return refuse_argument(r, 1);
        if (duration == 0 && index == kernel.schedule_start)
                return refuse_argument(r, 2);
        kernel.schedule[index] = (struct domain_slot){domain, duration};
        return DONE;
}

enum outcome domain_set_start(struct request *r)
{
        word index = request_word(r, 0);

        if (index >= kernel.schedule_length)
                return refuse_range(r, 0, kernel.schedule_length - 1);
        if (kernel.schedule[index].duration == 0)
                return refuse_argument(r, 0);
        kernel.schedule_start = index;
        domain_enter(index);
        return DONE;
}
