/* SPDX-License-Identifier: BSD-2-Clause */
/* A notification: a word of flags that threads can wait on (spec ipc.md 10).
 *
 * Level 11.  The struct itself is in chain/binding.h.  Exactly one of these holds:
 *      quiet    no waiter, not raised
 *      raised   no waiter; `flags` is kept (and may be 0: a badge of 0 counts)
 *      awaited  waiters queued, not raised, flags == 0
 */
#pragma once

#include "chain/binding.h"
#include "door/local.h"
#include "thread/registers.h"

/* Wake the first waiter (or the bound thread, if it is receiving) with `badge`, else keep it.  Cannot fail. */
void notification_signal(struct notification *n, word badge);

/* Take the flags for `t`, or make it wait (x0 := 0 when it may not). */
void notification_wait(struct notification *n, struct thread *t, bool blocking);

/* Complete a receive of `t` with the raised notification bound to it.  True if there was one. */
bool notification_take_bound(struct thread *t);

/* The last cap is gone: waiters are released, bindings undone (ipc.md 14.4; ipc/cancel.c).  Returns what is left. */
struct cap notification_retire(struct notification *n);

/* The same in parts, for the short paths: keep `badge` where nobody waits; give `t` what was kept; make `t`, which is in no queue, wait. */
static inline void notification_mark(struct notification *n, word badge)
{
        n->raised = 1;
        n->flags |= badge;
}

static inline void notification_take(struct notification *n, struct thread *t)
{
        t->context.x[REG_BADGE] = n->flags;
        n->flags = 0;
        n->raised = 0;
}

static inline void notification_join(struct notification *n, struct thread *t)
{
        t->state = LISTENING;
        t->waiting_at = &n->waiters;
        if (several_cores() && n->home != home_of(t->domain))
                n->home = home_of(t->domain);
        waitq_join(&n->waiters, t);
}

/* Lend the notification's scheduling context to `t` if `t` is passive and it is not in use; take it back when `t`
 * blocks (ipc.md 10.6). */
void notification_lend(struct notification *n, struct thread *t);
void notification_reclaim(struct notification *n, struct thread *t);
