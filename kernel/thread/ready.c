/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready queues: one ring per priority and domain; the highest priority is kept, and found anew in a bitmap when its
 * ring empties.  All operations are constant. */
#include "core/panic.h"
#include "thread/sched.h"

static void join(struct thread *t, bool front)
{
        struct ready *r = &kernel.ready[t->domain];
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

static word highest(const struct ready *r)
{
        for (word i = PRIORITIES / 64; i-- > 0;) {
                if (r->level[i])
                        return 64 * i + top_bit(r->level[i]);
        }
        return 0;
}

void ready_push_front(struct thread *t)
{
        join(t, true);
}

void ready_push_back(struct thread *t)
{
        join(t, false);
}

void ready_remove(struct thread *t)
{
        struct ready *r = &kernel.ready[t->domain];
        struct thread *next = t->link.next;

        ASSERT(t->in_ready);
        t->in_ready = false;
        if (next != t) {
                next->link.prev = t->link.prev;
                t->link.prev->link.next = next;
                if (r->head[t->priority] == t)
                        r->head[t->priority] = next;
        } else {
                r->head[t->priority] = NULL;
                r->level[t->priority / 64] &= ~bit(t->priority % 64);
                if (t->priority == r->best)
                        r->best = highest(r);
        }
        t->link.next = t->link.prev = NULL;
}

struct thread *ready_best(word domain)
{
        const struct ready *r = &kernel.ready[domain];

        return r->head[r->best];
}
