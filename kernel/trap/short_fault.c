/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults that a waiting handler gets at once (spec ipc.md 13; see short.h).  The answer is in short_call.c. */
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "trap/short.h"
#include "trap/short_switch.h"
#include "trap/syscall.h"

struct thread *short_handler(struct core *core, const struct thread *t)
{
        struct cap c = t->slot[TCB_FAULT_HANDLER].cap;
        const struct endpoint *e = cap_object(c);

        if (only_long_ways() || t->flags & THREAD_TRACED || !endpoint_may_call(c) ||
            e->holds != ENDPOINT_RECEIVERS)
                return NULL;
        struct thread *to = e->queue.first;
        if (!to || !to->reply || !sched_runs_next(core, to) || !short_may(core) ||
            (to->sc && !short_has_time(to)))
                return NULL;
        return to;
}

struct context *short_fault(struct core *core, struct thread *t, struct thread *handler)
{
        struct reply *r = handler->reply;

        t->interrupted = false;
        waitq_leave(handler->waiting_at, handler);
        fault_deliver(t, handler, cap_badge(t->slot[TCB_FAULT_HANDLER].cap));
        return short_await(core, t, handler, r);
}
