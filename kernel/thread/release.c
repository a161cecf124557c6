/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that wait for budget: a leftist heap by (release time, arrival).
 *
 * In a leftist heap the shorter spine is on the right, so it has at most log2(n) + 1 threads; merging walks right
 * spines only.  Insert, remove and re-linking after a removal are logarithmic.
 */
#include "core/panic.h"
#include "thread/sched.h"

static bool earlier(const struct thread *x, const struct thread *y)
{
        if (x->heap_time != y->heap_time)
                return x->heap_time < y->heap_time;
        return x->heap_ticket < y->heap_ticket;
}

static word rank(const struct thread *t)
{
        return t ? t->heap_rank : 0;
}

/* Restore the leftist shape of one node; true when its rank changed. */
static bool settle(struct thread *t)
{
        word old = t->heap_rank;

        if (rank(t->heap_left) < rank(t->heap_right)) {
                struct thread *left = t->heap_left;

                t->heap_left = t->heap_right;
                t->heap_right = left;
        }
        t->heap_rank = rank(t->heap_right) + 1;
        return t->heap_rank != old;
}

/* Depth of recursion: the two right spines, at most 2 log2(threads). */
static struct thread *merge(struct thread *x, struct thread *y)
{
        if (!x)
                return y;
        if (!y)
                return x;
        if (earlier(y, x)) {
                struct thread *swap = x;

                x = y;
                y = swap;
        }
        x->heap_right = merge(x->heap_right, y);
        x->heap_right->heap_up = x;
        settle(x);
        return x;
}

void release_insert(struct thread *t, word time)
{
        struct core *core = this_core();

        ASSERT(!t->in_ready && !t->in_release);
        t->in_release = true;
        t->heap_left = t->heap_right = t->heap_up = NULL;
        t->heap_rank = 1;
        t->heap_time = time;
        t->heap_ticket = core->release_tickets++;
        core->release = merge(core->release, t);
        core->release->heap_up = NULL;
        if (core->release == t)
                core->reprogram = true;
}

void release_remove(struct thread *t)
{
        struct core *core = this_core();
        struct thread *up = t->heap_up;
        struct thread *rest = merge(t->heap_left, t->heap_right);

        ASSERT(t->in_release);
        t->in_release = false;
        t->heap_left = t->heap_right = t->heap_up = NULL;
        if (rest)
                rest->heap_up = up;
        if (!up) {
                core->release = rest;
                core->reprogram = true;
                return;
        }
        if (up->heap_left == t)
                up->heap_left = rest;
        else
                up->heap_right = rest;
        while (up && settle(up))
                up = up->heap_up;
}
