/* SPDX-License-Identifier: BSD-2-Clause */
/* Signal, and Wait and Poll on what was signalled (spec ipc.md 10; see short.h). */
#include "arch/arch.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "thread/clock.h"
#include "thread/registers.h"
#include "thread/sched.h"
#include "thread/sched_context.h"
#include "trap/short.h"

/* The gate of the long way is open: the running thread may make one more call.  Reads the clock. */
static bool may_go_on(const struct core *core)
{
        clock_account();
        return core->now < core->gate;
}

/* Waking `to` changes nothing for now: it runs after the running thread. */
static bool runs_later(const struct core *core, const struct thread *t, const struct thread *to)
{
        return to->priority < t->priority && to->domain == core->domain && to->sc &&
               sc_is_configured(to->sc) && sc_is_usable(to->sc);
}

struct context *short_signal(struct thread *t, word cptr, word info)
{
        struct core *core = this_core();
        struct cap c = short_find(t, cptr);
        struct notification *n = cap_object(c);

        if (cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_WRITE) ||
            info_caps(info))
                return NULL;
        struct thread *to = n->waiters.first;
        if ((to ? !runs_later(core, t, to) : n->bound && n->bound->state == RECEIVING) || !may_go_on(core))
                return NULL;
        notification_signal(n, c.b);
        if (to) {
                core->woken = NULL;
                ready_push_front(to);
        }
        return arch_resume(&t->context);
}

struct context *short_take(struct thread *t, word cptr, bool blocking)
{
        struct cap c = short_find(t, cptr);
        struct notification *n = cap_object(c);

        if (cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_READ) || (n->bound && n->bound != t))
                return NULL;
        if (n->sc || (blocking && !n->raised) || !may_go_on(this_core()))
                return NULL;
        t->context.x[REG_BADGE] = n->flags;
        n->flags = 0;
        n->raised = 0;
        return arch_resume(&t->context);
}
