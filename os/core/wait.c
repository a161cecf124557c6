/* SPDX-License-Identifier: BSD-2-Clause */
/* See wait.h. */
#include "os/core/wait.h"

struct wait_queue wait_bell;

static struct {
        struct wait_place place[WAIT_PLACES];
        struct wait_place *free; /* those that were used, by `more` */
        unsigned fresh;          /* the first that was not */
} pool;

/* A place of its own, or one from the pool; NULL: none. */
static struct wait_place *take_place(struct waiter *w)
{
        struct wait_place *p = pool.free;

        if (w->places < WAIT_OWN)
                return &w->place[w->places++];
        if (p)
                pool.free = p->more;
        else if (pool.fresh < WAIT_PLACES)
                p = &pool.place[pool.fresh++];
        if (p) {
                p->more = w->more;
                w->more = p;
        }
        return p;
}

static void link_in(struct wait_place *p, struct wait_queue *q)
{
        p->queue = q;
        p->next = NULL;
        p->prev = q->last;
        *(q->last ? &q->last->next : &q->first) = p;
        q->last = p;
}

static bool enter(struct waiter *w, struct wait_queue *q)
{
        struct wait_place *p = take_place(w);

        if (!p)
                return false;
        p->waiter = w;
        link_in(p, q);
        return true;
}

static void leave(struct wait_place *p)
{
        struct wait_queue *q = p->queue;

        *(p->prev ? &p->prev->next : &q->first) = p->next;
        *(p->next ? &p->next->prev : &q->last) = p->prev;
        p->queue = NULL;
}

static struct wait_place *place_in(const struct waiter *w, const struct wait_queue *q)
{
        for (unsigned i = 0; i < w->places; i++) {
                if (w->place[i].queue == q)
                        return (struct wait_place *)&w->place[i];
        }
        for (struct wait_place *p = w->more; p; p = p->more) {
                if (p->queue == q)
                        return p;
        }
        return NULL;
}

bool wait_stands(const struct waiter *w, const struct wait_queue *q)
{
        return place_in(w, q);
}

void wait_move(struct waiter *w, struct wait_queue *from, struct wait_queue *to)
{
        struct wait_place *p = place_in(w, from);

        leave(p);
        link_in(p, to);
}

/* Nobody else enters a queue between the places that one waiter takes, so it is the last one where it stands already. */
bool wait_at(struct waiter *w, struct wait_queue *q)
{
        return w->rung || (q->last && q->last->waiter == w) || enter(w, q);
}

void wait_leave(struct waiter *w)
{
        while (w->places > 0)
                leave(&w->place[--w->places]);
        while (w->more) {
                struct wait_place *p = w->more;

                leave(p);
                w->more = p->more;
                p->more = pool.free;
                pool.free = p;
        }
        w->rung = false;
}

void wait_ring(struct waiter *w)
{
        if (w->rung)
                return;
        wait_leave(w);
        w->rung = true;
        enter(w, &wait_bell);
}

void wait_wake(struct wait_queue *q)
{
        q->events++;
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

struct waiter *wait_next(void)
{
        struct waiter *w = wait_first(&wait_bell);

        if (w)
                wait_leave(w);
        return w;
}
