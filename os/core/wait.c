/* SPDX-License-Identifier: BSD-2-Clause */
/* See wait.h. */
#include "os/core/wait.h"

static struct wait_queue bell;

static void enter(struct waiter *w, struct wait_queue *q)
{
        struct wait_place *p = &w->place[w->places++];

        *p = (struct wait_place){.prev = q->last, .queue = q, .waiter = w};
        *(q->last ? &q->last->next : &q->first) = p;
        q->last = p;
}

static const struct wait_place *place_in(const struct waiter *w, const struct wait_queue *q)
{
        for (unsigned i = 0; i < w->places; i++) {
                if (w->place[i].queue == q)
                        return &w->place[i];
        }
        return NULL;
}

void wait_at(struct waiter *w, struct wait_queue *q)
{
        if (!w->rung && w->places < WAIT_PLACES && !place_in(w, q))
                enter(w, q);
}

void wait_leave(struct waiter *w)
{
        while (w->places > 0) {
                struct wait_place *p = &w->place[--w->places];
                struct wait_queue *q = p->queue;

                *(p->prev ? &p->prev->next : &q->first) = p->next;
                *(p->next ? &p->next->prev : &q->last) = p->prev;
        }
        w->rung = false;
}

void wait_ring(struct waiter *w)
{
        if (w->rung)
                return;
        wait_leave(w);
        w->rung = true;
        enter(w, &bell);
}

void wait_wake(struct wait_queue *q)
{
        while (q->first)
                wait_ring(q->first->waiter);
}

struct waiter *wait_first(const struct wait_queue *q)
{
        return q->first ? q->first->waiter : NULL;
}

struct waiter *wait_last(const struct wait_queue *q)
{
        return q->last ? q->last->waiter : NULL;
}

struct waiter *wait_behind(const struct waiter *w, const struct wait_queue *q)
{
        const struct wait_place *p = place_in(w, q);

        return p && p->next ? p->next->waiter : NULL;
}

bool wait_rung(void)
{
        return bell.first;
}

struct waiter *wait_next(void)
{
        struct waiter *w = wait_first(&bell);

        if (w)
                wait_leave(w);
        return w;
}
