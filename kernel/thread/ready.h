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

/* The same for the thread that ran, which no other eligible one of its domain is above. */
static inline bool ready_push_highest(struct ready *r, struct thread *t)
{
        word priority = t->priority;

        if (rarely(r->head[priority] != NULL))
                return false;
        t->in_ready = true;
        t->link.next = t->link.prev = t;
        r->head[priority] = t;
        priorities_add_highest(&r->some, priority);
        return true;
}

/* `t` leaves its ring, in which `next` follows it; returns whether others remain. */
static inline bool ready_leave_ring(struct thread *t, struct thread *next)
{
        struct thread *prev = t->link.prev;

        t->in_ready = false;
        t->link.next = t->link.prev = NULL;
        if (next == t)
                return false;
        next->link.prev = prev;
        prev->link.next = next;
        return true;
}

static inline struct thread *ready_take_best_here(struct ready *r)
{
        word priority = r->some.highest;
        struct thread *t = r->head[priority];

        if (!t)
                return NULL;
        struct thread *next = t->link.next;
        if (ready_leave_ring(t, next)) {
                r->head[priority] = next;
        } else {
                r->head[priority] = NULL;
                priorities_remove_highest(&r->some, priority);
        }
        return t;
}

/* The first thread of the highest priority, or NULL: look at it, or take it out. */
struct thread *ready_best(word domain);
struct thread *ready_take_best(struct ready *r);
