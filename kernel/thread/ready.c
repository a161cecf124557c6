/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready queues: one ring per priority and domain, and the set of priorities whose rings are not empty (core/priorities.h).  All
 * operations are constant. */
#include "thread/ready.h"
#include "core/panic.h"

static inline void join(struct ready *r, struct thread *t, bool front)
{
        struct thread *head = r->head[t->priority];

        ASSERT(!t->in_ready && !t->in_release);
        if (ready_push_alone(r, t))
                return;
        t->in_ready = true;
        t->link.next = head;
        t->link.prev = head->link.prev;
        t->link.prev->link.next = t;
        head->link.prev = t;
        if (front)
                r->head[t->priority] = t;
}

void ready_push_front(struct thread *t)
{
        join(&kernel.ready[t->domain], t, true);
}

__attribute__((noinline)) void ready_push_front_in(struct ready *r, struct thread *t)
{
        join(r, t, true);
}

void ready_push_back(struct thread *t)
{
        join(&kernel.ready[t->domain], t, false);
}

void ready_remove(struct thread *t)
{
        struct ready *r = &kernel.ready[t->domain];
        struct thread *next = t->link.next;

        ASSERT(t->in_ready);
        if (ready_leave_ring(t, next)) {
                if (r->head[t->priority] == t)
                        r->head[t->priority] = next;
        } else {
                r->head[t->priority] = NULL;
                priorities_remove(&r->some, t->priority);
        }
}

struct thread *ready_take_best(struct ready *r)
{
        return ready_take_best_here(r);
}

struct thread *ready_best(word domain)
{
        const struct ready *r = &kernel.ready[domain];

        return r->head[r->some.highest];
}
