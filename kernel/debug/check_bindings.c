/* SPDX-License-Identifier: BSD-2-Clause */
/* Bindings agree from both ends; notifications, reply stacks and replenishments have one of their legal shapes. */
#include "chain/reply.h"
#include "debug/checker.h"
#include "ipc/notification.h"
#include "time/sched_context.h"

static void check_thread_links(const struct thread *t)
{
        HOLDS(!t->sc || (object_exists(CAP_SCHED_CONTEXT, t->sc) && t->sc->thread == t));
        HOLDS(!t->bound || (object_exists(CAP_NOTIFICATION, t->bound) && t->bound->bound == t));
        HOLDS(!t->reply || (object_exists(CAP_REPLY, t->reply) && t->reply->thread == t));
        HOLDS(!t->yielding_to ||
              (object_exists(CAP_SCHED_CONTEXT, t->yielding_to) && t->yielding_to->yielder == t));
}

static void check_notification(const struct notification *n)
{
        HOLDS(n->raised <= 1);
        HOLDS(n->raised ? waitq_is_empty(&n->waiters) : n->flags == 0);
        HOLDS(!n->bound || (object_exists(CAP_TCB, n->bound) && n->bound->bound == n));
        HOLDS(!n->bound || waitq_is_empty(&n->waiters) || !waitq_next(n->waiters.first));
        HOLDS(!n->sc || (object_exists(CAP_SCHED_CONTEXT, n->sc) && n->sc->notification == n));
}

static void check_reply(const struct reply *r)
{
        const struct thread *t = r->thread;

        HOLDS(!t || (object_exists(CAP_TCB, t) && t->reply == r));
        HOLDS(!r->below || (object_exists(CAP_REPLY, r->below) && r->below->above == r));
        HOLDS(!r->above || (object_exists(CAP_REPLY, r->above) && r->above->below == r));
        HOLDS(!t || !r->lends ||
              (object_exists(CAP_SCHED_CONTEXT, r->lends) && r->lends->reply == r && !r->above));
        HOLDS((t && t->state == AWAITING_REPLY) || (!r->below && !r->above && !(t && r->lends)));
        HOLDS(t || several_cores() || !r->home);
}

static void check_refills(struct sched_context *s, word bits)
{
        word sum = 0, end = 0;

        HOLDS(s->count >= 1 && s->count <= s->max && s->head < s->max);
        HOLDS(sizeof(*s) + s->max * sizeof(struct refill) <= bit(bits));
        HOLDS(!sc_is_round_robin(s) || (s->count == 2 && s->max == 2));
        for (uint32_t i = 0; i < s->count; i++) {
                const struct refill *r = &s->refill[(s->head + i) % s->max];

                HOLDS(sc_is_round_robin(s) || i == 0 || end <= r->time || s->behind);
                end = r->time + r->amount;
                sum += r->amount;
        }
        HOLDS(sum == s->budget);
}

static void check_sched_context(struct sched_context *s, word bits)
{
        HOLDS(!s->thread || (object_exists(CAP_TCB, s->thread) && s->thread->sc == s));
        HOLDS(!s->notification ||
              (object_exists(CAP_NOTIFICATION, s->notification) && s->notification->sc == s));
        HOLDS(!s->reply || (object_exists(CAP_REPLY, s->reply) && s->reply->lends == s));
        HOLDS(!s->yielder || (object_exists(CAP_TCB, s->yielder) && s->yielder->yielding_to == s));
        if (sc_is_configured(s))
                check_refills(s, bits);
}

void check_bindings(void)
{
        const struct sched_context *charged = this_core()->charged;

        HOLDS(!charged || object_exists(CAP_SCHED_CONTEXT, charged));
        for (struct thread *t = kernel.threads; t; t = t->all_next)
                check_thread_links(t);
        for (word i = 0; i < checker.objects; i++) {
                struct cap c = checker.object[i].slot->cap;

                if (cap_kind(c) == CAP_NOTIFICATION)
                        check_notification(cap_object(c));
                if (cap_kind(c) == CAP_REPLY)
                        check_reply(cap_object(c));
                if (cap_kind(c) == CAP_SCHED_CONTEXT)
                        check_sched_context(cap_object(c), cap_info(c));
        }
}
