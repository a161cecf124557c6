/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready queues: one ring per priority and domain, found through a two-level bitmap.  All operations are constant. */
#include "core/panic.h"
#include "thread/sched.h"

static void link_ring(struct ready *r, struct thread *t, bool front)
{
        struct thread *head = r->head[t->priority];

        ASSERT(!t->in_ready && !t->in_release);
        t->in_ready = true;
        if (!head) {
                t->link.next = t->link.prev = t;
                r->head[t->priority] = t;
                r->level[t->priority / 64] |= bit(t->priority % 64);
                r->summary |= bit(t->priority / 64);
                return;
        }
        t->link.next = head;
        t->link.prev = head->link.prev;
        t->link.prev->link.next = t;
        head->link.prev = t;
        if (front)
                r->head[t->priority] = t;
}

void ready_push_front(struct thread *t)
{
        link_ring(&kernel.ready[t->domain], t, true);
}

void ready_push_back(struct thread *t)
{
        link_ring(&kernel.ready[t->domain], t, false);
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
                if (!r->level[t->priority / 64])
                        r->summary &= ~bit(t->priority / 64);
        }
        t->link.next = t->link.prev = NULL;
}

struct thread *ready_best(word domain)
{
        struct ready *r = &kernel.ready[domain];

        if (!r->summary)
                return NULL;
        unsigned level = top_bit(r->summary);
        return r->head[level * 64 + top_bit(r->level[level])];
}
