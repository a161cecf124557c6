/* SPDX-License-Identifier: BSD-2-Clause */
/* What a notification is made of, and the symmetric bindings between notifications, threads and scheduling contexts.
 *
 * Level 8, below ipc/notification.c (which signals and waits), because a thread or a scheduling context that goes must
 * be able to undo its bindings.  A binding holds no cap and keeps nothing alive.
 */
#pragma once

#include "thread/thread.h"
#include "time/sched_context.h"

struct notification {
        struct waitq waiters;

        /* Written by notification. */
        word flags;  /* badges OR-ed together since the last take */
        word raised; /* 0 or 1 */

        /* Written by binding. */
        struct thread *bound;     /* also receives our signals while it waits at an endpoint, or NULL */
        struct sched_context *sc; /* time given to the passive thread we wake, or NULL */

        word home; /* (door/local.h).  Written by notification, local. */
        word spare[2];
};

_Static_assert(sizeof(struct notification) == 1u << NOTIFICATION_BITS, "public size");

void notification_bind_thread(struct notification *n, struct thread *t);
void notification_unbind_thread(struct notification *n);
void notification_bind_sc(struct notification *n, struct sched_context *s);
void notification_unbind_sc(struct notification *n);

/* Take a scheduling context away from its thread, its notification and the top of its reply stack. */
void sc_unbind_all(struct sched_context *s);
