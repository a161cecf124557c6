/* SPDX-License-Identifier: BSD-2-Clause */
/* Call, ReplyRecv, Signal and Poll without detours (see fastpath.h). */
#include "ipc/fastpath.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "thread/clock.h"
#include "thread/reply.h"
#include "thread/sched.h"
#include "thread/sched_context.h"

/* The cap at `cptr`, if one CNode resolves all of it; otherwise the null cap. */
static struct cap find(const struct thread *t, word cptr)
{
        struct cap root = t->slot[TCB_CSPACE].cap;
        word radix = cnode_radix(root), guard_bits = cnode_guard_bits(root);

        if (cap_kind(root) != CAP_CNODE || guard_bits + radix != 64 || cptr >> radix != root.b)
                return cap_null();
        return cnode_slots(root)[cptr & ones(radix)].cap;
}

/* `to` would be the next to run if it were woken now and the running thread stopped. */
static bool runs_next(struct core *core, const struct thread *to)
{
        const struct ready *r = &kernel.ready[core->domain];

        if (to->domain != core->domain)
                return false;
        if (!r->summary)
                return true;
        unsigned level = top_bit(r->summary);
        return to->priority >= level * 64 + top_bit(r->level[level]);
}

/* Another scheduling context may pay from now on: the gate is open and nothing else is due.  Reads the clock. */
static bool may_switch_time(struct core *core, struct sched_context *next)
{
        if (!next || kernel.domains > 1)
                return false;
        clock_account();
        return core->now < core->gate && sc_is_usable(next);
}

/* `to` runs instead of the thread that just stopped. */
static void run(struct core *core, struct thread *to)
{
        to->state = RUNNING;
        core->current = to;
        if (to->sc == core->charged)
                return;
        sc_thread_woken(to->sc);
        sched_charge_to(to->sc);
}

/* The charged scheduling context goes from the running thread to `to`; neither is in any queue. */
static void pass_time(struct sched_context *s, struct thread *from, struct thread *to)
{
        from->sc = NULL;
        to->sc = s;
        s->thread = to;
}

/* Words of a message without caps. */
static void copy_words(struct thread *from, struct thread *to, word badge)
{
        word info = from->context.x[REG_INFO];

        if ((info & 127) > MESSAGE_REGISTERS) {
                message_transfer(from, to, NULL, badge, false);
                return;
        }
        to->context.x[REG_BADGE] = badge;
        to->context.x[REG_INFO] = info & ~(ones(5) << 7);
        for (word i = 0; i < MESSAGE_REGISTERS; i++)
                if (i < (info & 127))
                        to->context.x[REG_MESSAGE + i] = from->context.x[REG_MESSAGE + i];
}

bool fastpath_call(struct thread *t)
{
        struct core *core = this_core();
        struct cap c = find(t, t->context.x[REG_BADGE]);
        struct endpoint *e = cap_object(c);
        word rights = cap_rights(c);

        if (cap_kind(c) != CAP_ENDPOINT || !(rights & RIGHT_WRITE) ||
            !(rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY)) || info_caps(t->context.x[REG_INFO]))
                return false;
        struct thread *to = e->queue.first;
        if (!to || e->holds != ENDPOINT_RECEIVERS || !to->reply || !runs_next(core, to))
                return false;
        if (to->sc && !may_switch_time(core, to->sc))
                return false;

        struct reply *r = to->reply;
        waitq_leave(&e->queue, to);
        to->waiting_at = NULL;
        copy_words(t, to, c.b);
        to->reply = NULL;
        r->thread = t;
        t->reply = r;
        t->state = AWAITING_REPLY;
        if (!to->sc) {
                reply_stack_push(r, t->sc);
                pass_time(t->sc, t, to);
        }
        run(core, to);
        return true;
}

/* The endpoint that `t` may receive on at once without finding anything, or NULL. */
static struct endpoint *quiet_endpoint(const struct thread *t)
{
        struct cap c = find(t, t->context.x[REG_BADGE]);
        struct endpoint *e = cap_object(c);

        if (cap_kind(c) != CAP_ENDPOINT || !(cap_rights(c) & RIGHT_READ) || t->bound)
                return NULL;
        return waitq_is_empty(&e->queue) || e->holds == ENDPOINT_RECEIVERS ? e : NULL;
}

/* The server runs on time lent through `r`, and it goes back to a caller that has none. */
static bool time_comes_back(const struct core *core, const struct reply *r, const struct thread *t,
                            const struct thread *to)
{
        return !to->sc && r->lends == core->charged && t->sc == core->charged;
}

static bool is_stacked(const struct reply *r)
{
        return r->lends || r->above || r->below;
}

bool fastpath_reply_recv(struct thread *t)
{
        struct core *core = this_core();
        struct cap c = find(t, t->context.x[REG_REPLY]);
        struct endpoint *e = quiet_endpoint(t);
        struct reply *r = cap_object(c);

        if (cap_kind(c) != CAP_REPLY || !e || info_caps(t->context.x[REG_INFO]))
                return false;
        struct thread *to = r->thread;
        if (!to || to->state != AWAITING_REPLY || to->fault.type != FAULT_NONE || !runs_next(core, to))
                return false;
        if (!time_comes_back(core, r, t, to) && (is_stacked(r) || !may_switch_time(core, to->sc)))
                return false;

        if (!to->sc) {
                pass_time(r->lends, t, to);
                reply_stack_pop(r);
        }
        copy_words(t, to, 0);
        to->reply = NULL;
        t->reply = r;
        r->thread = t;
        t->waiting_at = &e->queue;
        t->state = RECEIVING;
        e->holds = ENDPOINT_RECEIVERS;
        waitq_join(&e->queue, t);
        run(core, to);
        return true;
}

/* The gate of the long way is open: the running thread may make one more call.  Reads the clock. */
static bool may_go_on(const struct core *core)
{
        if (!core->charged || kernel.domains > 1)
                return false;
        clock_account();
        return core->now < core->gate;
}

/* Waking `to` changes nothing for now: it runs after the running thread. */
static bool runs_later(const struct core *core, const struct thread *t, const struct thread *to)
{
        return to->priority < t->priority && to->domain == core->domain && to->sc &&
               sc_is_configured(to->sc) && sc_is_usable(to->sc);
}

bool fastpath_signal(struct thread *t)
{
        struct core *core = this_core();
        struct cap c = find(t, t->context.x[REG_BADGE]);
        struct notification *n = cap_object(c);

        if (cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_WRITE) ||
            info_caps(t->context.x[REG_INFO]))
                return false;
        struct thread *to = n->waiters.first;
        if ((to ? !runs_later(core, t, to) : n->bound && n->bound->state == RECEIVING) || !may_go_on(core))
                return false;
        notification_signal(n, c.b);
        if (to) {
                core->woken = NULL;
                ready_push_front(to);
        }
        return true;
}

bool fastpath_take(struct thread *t, bool blocking)
{
        struct cap c = find(t, t->context.x[REG_BADGE]);
        struct notification *n = cap_object(c);

        if (cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_READ) || (n->bound && n->bound != t))
                return false;
        if (n->sc || (blocking && !n->raised) || !may_go_on(this_core()))
                return false;
        t->context.x[REG_BADGE] = n->flags;
        n->flags = 0;
        n->raised = 0;
        return true;
}
