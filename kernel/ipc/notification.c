/* SPDX-License-Identifier: BSD-2-Clause */
/* Signalling and waiting (spec ipc.md 10). */
#include "ipc/notification.h"
#include "chain/donation.h"
#include "chain/life.h"
#include "chain/reply.h"
#include "core/panic.h"
#include "sched/sched.h"
#include "thread/registers.h"
#include "trace/trace.h"

void notification_lend(struct notification *n, struct thread *t)
{
        if (n->sc && !t->sc && !n->sc->thread)
                sc_donate(n->sc, t);
}

void notification_reclaim(struct notification *n, struct thread *t)
{
        if (n->sc && t->sc == n->sc)
                sc_unbind_thread(n->sc);
}

/* `t` leaves its queue with the badge and runs on. */
static void wake(struct notification *n, struct thread *t, word badge)
{
        struct reply *offered = t->reply;

        waitq_leave(t->waiting_at, t);
        t->waiting_at = NULL;
        trace(TESSERA_TRACE_SIGNAL, this_core()->current, 0, (word)n, badge);
        if (offered)
                reply_detach(offered);
        t->context.x[REG_BADGE] = badge;
        t->state = RUNNING;
        notification_lend(n, t);
        thread_wake(t);
}

void notification_signal(struct notification *n, word badge)
{
        if (!waitq_is_empty(&n->waiters)) {
                wake(n, n->waiters.first, badge);
        } else if (!n->raised && n->bound && n->bound->state == RECEIVING) {
                wake(n, n->bound, badge);
        } else {
                trace(TESSERA_TRACE_SIGNAL, this_core()->current, 0, (word)n, badge);
                notification_mark(n, badge);
        }
}

/* `t` runs, so it is not queued here: if the time it is lent is used up for now, the decision at the end of the entry makes it wait. */
static void take(struct notification *n, struct thread *t)
{
        notification_take(n, t);
        notification_lend(n, t);
        if (t->sc)
                sc_thread_woken(t->sc);
}

void notification_wait(struct notification *n, struct thread *t, bool blocking)
{
        if (n->raised) {
                take(n, t);
                return;
        }
        if (!blocking) {
                t->context.x[REG_BADGE] = 0;
                return;
        }
        sched_remove(t);
        notification_join(n, t);
        notification_reclaim(n, t);
}

bool notification_take_bound(struct thread *t)
{
        if (!t->bound || !t->bound->raised)
                return false;
        take(t->bound, t);
        return true;
}
