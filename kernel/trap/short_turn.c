/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends of budgets, and Yield (spec scheduling.md 9, 10, ipc.md 13; see short.h). */
#include "ipc/notification.h"
#include "irq/irq.h"
#include "thread/ready.h"
#include "trap/short.h"
#include "trap/short_switch.h"
#include "trap/syscall.h"

/* --- ends of turns */

bool short_turn_ends(const struct core *core)
{
        struct sched_context *s = core->charged;

        return !core->uncommon && !s->behind && !sched_something_due(core) && !core->current->vcpu &&
               !sc_has_budget(s, clock_unpaid(core)) && !(several_cores() && core->choose);
}

/* An interrupt has come as well, and is to be signalled through the cap in `slot`: the long path. */
static __attribute__((noinline)) struct context *end_of_turn_with(const struct slot *slot)
{
        sched_check_budget();
        if (slot)
                notification_signal(cap_object(slot->cap), cap_badge(slot->cap));
        return leave();
}

struct context *short_end_of_turn(struct core *core)
{
        struct thread *handler = NULL;
        const struct slot *slot = irq_take();
        bool handled = !sc_is_round_robin(core->charged) &&
                       !cap_is_null(core->current->slot[TCB_TIMEOUT_HANDLER].cap);

        if (handled)
                handler = short_timeout_handler(core);
        if (slot || (handled ? !handler : !short_someone(core, NULL)))
                return end_of_turn_with(slot);
        if (handled)
                return short_timeout(core, handler);
        clock_settle();
        sched_end_turn(core->current);
        return short_next(core);
}

/* --- Yield */

/* The thread waits for the rest of the period. */
static __attribute__((noinline)) struct context *yield_period(struct thread *t)
{
        struct core *core = this_core();

        if (t->sc->behind || !short_may(core) || !short_someone(core, NULL))
                return long_way(t, SYS_YIELD);
        sched_give_up_turn();
        return short_next(core);
}

__attribute__((noinline)) struct context *short_yield(struct thread *t)
{
        struct core *core = this_core();
        const struct ready *r = core->ready;

        if (!sc_is_round_robin(t->sc))
                return yield_period(t);
        if (!short_may(core))
                return long_way(t, SYS_YIELD);
        sched_give_up_budget(core);
        if (r->some.highest < t->priority || !r->head[r->some.highest]) {
                sched_charge_to(t->sc);
                return arch_resume(&t->context);
        }
        ready_push_back(t);
        return short_next(core);
}
