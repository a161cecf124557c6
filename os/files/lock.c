/* SPDX-License-Identifier: BSD-2-Clause */
/* See lock.h. */
#include "os/files/lock.h"
#include "base/text.h"
#include "sos/proto.h"

static struct {
        struct lock lock[LOCKS];
        unsigned used;
        struct wait_queue freed;
} locks;

struct wait_queue *lock_queue(void)
{
        return &locks.freed;
}

static bool meet(const struct lock *a, const struct lock *b)
{
        return a->node == b->node && a->kind == b->kind && a->start < b->end && b->start < a->end;
}

const struct lock *lock_in_the_way(const struct lock *wanted)
{
        const struct lock *found = NULL;

        for (unsigned i = 0; i < LOCKS && locks.used; i++) {
                const struct lock *l = &locks.lock[i];

                if (l->node && meet(l, wanted) && l->owner != wanted->owner &&
                    (l->type == LOCK_WRITE || wanted->type == LOCK_WRITE) &&
                    (!found || l->start < found->start))
                        found = l;
        }
        return found;
}

static struct lock *unused(void)
{
        for (unsigned i = 0; i < LOCKS; i++) {
                if (!locks.lock[i].node)
                        return &locks.lock[i];
        }
        return NULL;
}

static void drop(struct lock *l)
{
        l->node = NULL;
        locks.used--;
        wait_wake(&locks.freed);
}

/* What the owner has in the range goes, and what lies beside it stays.  A part in the middle may need a record more. */
static void cut(const struct lock *range)
{
        for (unsigned i = 0; i < LOCKS; i++) {
                struct lock *l = &locks.lock[i], *rest;

                if (!l->node || l->owner != range->owner || !meet(l, range))
                        continue;
                if (l->start < range->start && l->end > range->end) {
                        rest = unused();
                        *rest = *l;
                        rest->start = range->end;
                        l->end = range->start;
                        locks.used++;
                } else if (l->start < range->start) {
                        l->end = range->start;
                } else if (l->end > range->end) {
                        l->start = range->end;
                } else {
                        drop(l);
                }
        }
        wait_wake(&locks.freed);
}

/* Neighbours of the same type become one. */
static void join(struct lock *l)
{
        for (unsigned i = 0; i < LOCKS; i++) {
                struct lock *other = &locks.lock[i];

                if (other == l || other->node != l->node || other->owner != l->owner ||
                    other->kind != l->kind || other->type != l->type ||
                    (other->end != l->start && other->start != l->end))
                        continue;
                l->start = other->start < l->start ? other->start : l->start;
                l->end = other->end > l->end ? other->end : l->end;
                other->node = NULL;
                locks.used--;
        }
}

long lock_set(const struct lock *wanted)
{
        struct lock *l;

        if (wanted->type != LOCK_NONE && lock_in_the_way(wanted))
                return -SOS_EAGAIN;
        if (locks.used + 2 > LOCKS)
                return -SOS_ENOLCK;
        cut(wanted);
        if (wanted->type == LOCK_NONE)
                return 0;
        l = unused();
        *l = *wanted;
        locks.used++;
        join(l);
        return 0;
}

void lock_forget(const struct node *n, const void *owner)
{
        for (unsigned i = 0; i < LOCKS && locks.used; i++) {
                struct lock *l = &locks.lock[i];

                if (l->node && l->owner == owner && (!n || l->node == n))
                        drop(l);
        }
}
