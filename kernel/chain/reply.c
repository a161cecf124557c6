/* SPDX-License-Identifier: BSD-2-Clause */
/* Call chains: who is answered through which object, and where lent time goes back to. */
#include "chain/reply.h"
#include "chain/donation.h"
#include "chain/life.h"
#include "core/panic.h"
#include "sched/cores.h"
#include "sched/sched.h"
#include "trace/trace.h"

/* Cut an object out of its stack; what lies below it is never reached again by the time lent through it. */
static void unlink_from_stack(struct reply *r)
{
        if (r->above)
                r->above->below = NULL;
        if (r->below)
                r->below->above = NULL;
        r->above = r->below = NULL;
}

void reply_push(struct reply *r, struct thread *caller, struct thread *callee, bool lend)
{
        struct sched_context *s = caller->sc;

        MUST(!r->thread && !r->above && !r->below);
        if (!lend || !s || callee->sc) {
                reply_await(r, caller);
                return;
        }
        if (caller == this_core()->current)
                sched_force();
        sched_remove(caller);
        trace(TESSERA_TRACE_DONATE, callee, 0, (word)s, (word)caller);
        reply_lend(r, caller, callee);
        core_follows(callee, s);
}

void reply_pop(struct reply *r)
{
        struct thread *caller = r->thread;
        struct sched_context *s = r->lends;

        if (s)
                reply_stack_pop(r);
        else
                unlink_from_stack(r);
        reply_release(r);
        if (s && !caller->sc)
                sc_donate(s, caller);
}

void reply_detach(struct reply *r)
{
        reply_release(r);
}

void reply_cut(struct reply *r)
{
        if (r->lends)
                r->lends->reply = NULL;
        unlink_from_stack(r);
        reply_release(r);
}

void reply_retire(struct reply *r)
{
        struct thread *t = r->thread;

        if (!t)
                return;
        if (t->state == AWAITING_REPLY) {
                reply_pop(r);
                t->fault.type = FAULT_NONE;
                t->state = INACTIVE;
        } else {
                thread_cancel(t);
        }
}
