/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that wait for budget: a search tree by release time, first come first served among equals.
 *
 * Joining restores the balance as in an AVL tree; leaving does not ("deletion without rebalancing": Sen, Tarjan).  A
 * rank stays what it was, so ranks still fall from parent to child, and the tree is never higher than 3/2 log2 of all
 * that ever joined it, in practice of those that wait.  Therefore the first one, which core->release always names, leaves
 * with a few stores: when many are due at one instant each costs next to nothing.
 */
#include "thread/release.h"
#include "core/panic.h"
#include "thread/core_of.h"

enum { EARLIER, LATER };

static inline word rank(const struct thread *t)
{
        return t ? t->release_rank : 0;
}

/* On which side of its parent. */
static inline word side_of(const struct thread *t)
{
        return t->release_up->release_child[LATER] == t;
}

/* `t` (or NULL) takes the place of `old`. */
static inline void replace(struct core *core, struct thread *old, struct thread *t)
{
        struct thread *up = old->release_up;

        if (t)
                t->release_up = up;
        if (up)
                up->release_child[side_of(old)] = t;
        else
                core->release_root = t;
}

/* `t` rises above its parent. */
static void rotate(struct core *core, struct thread *t)
{
        struct thread *up = t->release_up;
        word side = side_of(t);
        struct thread *middle = t->release_child[!side];

        replace(core, up, t);
        up->release_child[side] = middle;
        if (middle)
                middle->release_up = up;
        t->release_child[!side] = up;
        up->release_up = t;
}

/* `t`, which has just joined, may have the rank of its parent. */
static inline __attribute__((always_inline)) void rebalance(struct core *core, struct thread *t)
{
        struct thread *up = t->release_up;

        for (; up && up->release_rank == t->release_rank; t = up, up = t->release_up) {
                word side = side_of(t);

                if (up->release_rank != rank(up->release_child[!side]) + 1) {
                        struct thread *inner = t->release_child[!side];

                        up->release_rank--;
                        if (t->release_rank == rank(inner) + 1) {
                                t->release_rank--;
                                inner->release_rank++;
                                rotate(core, inner);
                                t = inner;
                        }
                        rotate(core, t);
                        return;
                }
                up->release_rank++;
        }
}

static inline void insert(struct core *core, struct thread *t, word time)
{
        struct thread *first = core->release, *up = first;
        word side = EARLIER;

        ASSERT(!t->in_ready && !t->in_release);
        t->in_release = true;
        t->release_child[EARLIER] = t->release_child[LATER] = NULL;
        t->release_time = time;
        t->release_rank = 1;
        if (!first || time < first->release_time) {
                core->release = t;
                core->reprogram = true;
        } else {
                up = core->release_root;
                while (side = time >= up->release_time, up->release_child[side])
                        up = up->release_child[side];
        }
        t->release_up = up;
        if (!up) {
                core->release_root = t;
                return;
        }
        up->release_child[side] = t;
        rebalance(core, t);
}

/* With several cores each has a tree; what one core executes needs no stack frame. */
static __attribute__((noinline, cold)) void insert_there(struct thread *t, word time)
{
        insert(core_of_several(t), t, time);
}

void release_insert(struct thread *t, word time)
{
        if (several_cores())
                insert_there(t, time);
        else
                insert(this_core(), t, time);
}

static struct thread *earliest(struct thread *t)
{
        while (t->release_child[EARLIER])
                t = t->release_child[EARLIER];
        return t;
}

struct thread *release_after(const struct thread *t)
{
        struct thread *up = t->release_up;

        if (t->release_child[LATER])
                return earliest(t->release_child[LATER]);
        while (up && up->release_child[LATER] == t) {
                t = up;
                up = t->release_up;
        }
        return up;
}

struct thread *release_first(struct core *core)
{
        struct thread *t = core->release, *later = t->release_child[LATER], *up = t->release_up;

        ASSERT(t->in_release);
        t->in_release = false;
        core->release = later ? earliest(later) : up;
        if (later)
                later->release_up = up;
        if (up)
                up->release_child[EARLIER] = later;
        else
                core->release_root = later;
        return t;
}

/* Written once for one core and for several: it is a jump. */
static __attribute__((noinline)) void take_out(struct thread *t, struct core *core)
{
        struct thread *side = t->release_child[EARLIER];

        if (t == core->release) {
                release_first(core);
                core->reprogram = true;
                return;
        }
        ASSERT(t->in_release);
        t->in_release = false;
        if (side && t->release_child[LATER]) {
                struct thread *next = earliest(t->release_child[LATER]);

                /* The next one takes its place, with its rank. */
                replace(core, next, next->release_child[LATER]);
                for (word i = EARLIER; i <= LATER; i++) {
                        struct thread *child = t->release_child[i];

                        next->release_child[i] = child;
                        if (child)
                                child->release_up = next;
                }
                next->release_rank = t->release_rank;
                side = next;
        } else if (!side) {
                side = t->release_child[LATER];
        }
        replace(core, t, side);
}

static __attribute__((noinline, cold)) void take_out_there(struct thread *t)
{
        take_out(t, core_of_several(t));
}

void release_remove(struct thread *t)
{
        if (several_cores())
                take_out_there(t);
        else
                take_out(t, this_core());
}
