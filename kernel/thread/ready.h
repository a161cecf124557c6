/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready queues: one ring per priority and domain.  See struct ready in core/state.h.
 *
 * Level 6.  Constant, all of it.
 */
#pragma once

#include "core/priorities.h"
#include "thread/thread.h"

void ready_push_front(struct thread *t);
void ready_push_back(struct thread *t);
void ready_push_front_in(struct ready *r, struct thread *t); /* the queues of its domain */
void ready_remove(struct thread *t);

/* The same in the queues `r` of its domain, if no other thread of its priority is ready; false: there is one, and nothing happened. */
static inline bool ready_push_alone(struct ready *r, struct thread *t)
{
        if (r->head[t->priority])
                return false;
        t->in_ready = true;
        t->link.next = t->link.prev = t;
        r->head[t->priority] = t;
        priorities_add(&r->some, t->priority);
        return true;
}

/* The first thread of the highest priority, or NULL: look at it, or take it out. */
struct thread *ready_best(word domain);
struct thread *ready_take_best(struct ready *r);
