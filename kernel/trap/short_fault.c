/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults that a waiting handler gets at once (spec ipc.md 13; see short.h).  The answer is in short_call.c. */
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "trap/short.h"
#include "trap/short_switch.h"
#include "trap/syscall.h"

/* The thread that waits with a reply object to handle what is sent through `c`, and runs next; NULL: take the long path. */
static inline struct thread *waiting_handler(const struct core *core, struct cap c)
{
        const struct endpoint *e = cap_object(c);

        if (!endpoint_may_call(c) || !endpoint_receives(e))
                return NULL;
        struct thread *to = e->queue.first;
        return to && to->reply && sched_runs_next(core, to) ? to : NULL;
}

struct thread *short_handler(struct core *core, const struct thread *t)
{
        if (only_long_ways() || t->flags & THREAD_TRACED)
                return NULL;
        struct thread *to = waiting_handler(core, t->slot[TCB_FAULT_HANDLER].cap);
        return to && short_may(core) && (!to->sc || sc_is_usable(to->sc)) ? to : NULL;
}

/* `badge` is that of the handler's endpoint cap. */
static __attribute__((noinline)) struct context *tell(struct core *core, struct thread *t,
                                                      struct thread *handler, word badge)
{
        struct reply *r = handler->reply;

        t->interrupted = false;
        waitq_leave(handler->waiting_at, handler);
        fault_deliver(t, handler, badge);
        return short_await(core, t, handler, r);
}

struct context *short_fault(struct core *core, struct thread *t, struct thread *handler)
{
        return tell(core, t, handler, cap_badge(t->slot[TCB_FAULT_HANDLER].cap));
}

struct thread *short_timeout_handler(const struct core *core)
{
        const struct thread *t = core->current;
        struct thread *to = waiting_handler(core, t->slot[TCB_TIMEOUT_HANDLER].cap);

        return to && short_has_time(to) ? to : NULL;
}

struct context *short_timeout(struct core *core, struct thread *handler)
{
        struct thread *t = core->current;

        clock_settle();
        t->fault.type = FAULT_TIMEOUT;
        t->fault.timeout.badge = t->sc->badge;
        return tell(core, t, handler, cap_badge(t->slot[TCB_TIMEOUT_HANDLER].cap));
}
