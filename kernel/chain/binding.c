/* SPDX-License-Identifier: BSD-2-Clause */
/* Both ends of every binding.  Owns notification->bound, thread->bound, notification->sc and sched_context->notification. */
#include "chain/binding.h"
#include "chain/donation.h"
#include "chain/reply.h"
#include "core/panic.h"

void notification_bind_thread(struct notification *n, struct thread *t)
{
        MUST(!n->bound && !t->bound);
        n->bound = t;
        t->bound = n;
}

void notification_unbind_thread(struct notification *n)
{
        n->bound->bound = NULL;
        n->bound = NULL;
}

void notification_bind_sc(struct notification *n, struct sched_context *s)
{
        MUST(!n->sc && !s->notification);
        n->sc = s;
        s->notification = n;
}

void notification_unbind_sc(struct notification *n)
{
        n->sc->notification = NULL;
        n->sc = NULL;
}

void sc_unbind_all(struct sched_context *s)
{
        if (s->thread)
                sc_unbind_thread(s);
        if (s->notification)
                notification_unbind_sc(s->notification);
        if (s->reply)
                s->reply->lends = NULL;
        s->reply = NULL;
}
