/* SPDX-License-Identifier: BSD-2-Clause */
/* Which threads wait for which, and which wait for ever.
 *
 * A thread that waits can go on when one of certain others acts: one that holds its call, may receive where it sends, or may send
 * where it receives.  Going on is possible for threads that run, for those that hardware wakes, and for those that one of these
 * can wake.  All others wait for each other; those of them that send or wait for an answer are a deadlock, and are reported.
 */
#include "dump.h"

#include <stdlib.h>

enum { T_AT = 5, T_REPLY = 8, T_BOUND = 10, C_THREAD = 3, NESTING = 8 };

/* The cap in a slot of the thread. */
static uint64_t slot_of(const struct dump *d, const struct thing *t, unsigned index, unsigned kind)
{
        for
                EACH(struct capability, c, d->caps)
                {
                        /* the slots of a thread lie in its TCB, which is 2 KiB */
                        if (c->index == index && c->kind == kind && (c->container & ~(uint64_t)2047) == t->id)
                                return c->object;
                }
        return 0;
}

uint64_t thread_cspace(const struct dump *d, const struct thing *t)
{
        return slot_of(d, t, 0, CNODE);
}

/* `inner` is the CNode or is reached through it. */
static bool is_inside(const struct dump *d, uint64_t cnode, uint64_t inner, unsigned depth)
{
        if (cnode == inner)
                return true;
        if (!depth)
                return false;
        for
                EACH(struct capability, c, d->caps)
                {
                        if (c->kind == CNODE && c->object == inner && c->container != inner &&
                            is_inside(d, cnode, c->container, depth - 1))
                                return true;
                }
        return false;
}

static bool holds(const struct dump *d, uint64_t cspace, uint64_t object, unsigned rights)
{
        for
                EACH(struct capability, c, d->caps)
                {
                        if (c->object == object && c->kind != FRAME && (!rights || c->info & rights) &&
                            is_inside(d, cspace, c->container, NESTING))
                                return true;
                }
        return false;
}

/* The CSpace that the dump begins with is the root task's. */
static bool is_root(const struct dump *d, uint64_t cspace)
{
        const struct container *first = d->containers.at;

        return d->containers.count && cspace == first->id;
}

static struct thing *next_holder(const struct dump *d, uint64_t object, unsigned rights,
                                 const struct thing *but, bool root, size_t *at)
{
        while (*at < d->things.count) {
                struct thing *t = (struct thing *)d->things.at + (*at)++;

                if (t->kind != THREAD || t == but)
                        continue;
                uint64_t cspace = thread_cspace(d, t);

                if (cspace && is_root(d, cspace) == root && holds(d, cspace, object, rights))
                        return t;
        }
        return NULL;
}

struct thing *dump_holder(const struct dump *d, uint64_t object, unsigned rights, const struct thing *but,
                          size_t *at)
{
        size_t from = 0;
        bool root = !next_holder(d, object, rights, but, false, &from);

        return next_holder(d, object, rights, but, root, at);
}

static struct thing *found(struct thing *t, size_t *at)
{
        if (*at)
                return NULL;
        *at = 1;
        return t;
}

/* Who holds the call: the thread that lent time leads to, otherwise whoever has the reply object. */
static struct thing *answerer(const struct dump *d, const struct thing *t, size_t *at)
{
        const struct thing *reply = dump_find(d, t->word[T_REPLY]);
        const struct thing *above = reply ? dump_find(d, reply->word[3]) : NULL;
        const struct thing *lent = reply ? dump_find(d, reply->word[1]) : NULL;
        struct thing *who = NULL;

        if (above)
                who = dump_find(d, above->word[0]);
        else if (lent)
                who = dump_find(d, lent->word[C_THREAD]);
        return who && who != t ? found(who, at) : dump_holder(d, t->word[T_REPLY], 0, t, at);
}

/* Somebody is receiving there at this moment. */
static struct thing *receiver(const struct dump *d, const struct thing *t, size_t *at)
{
        return dump_holder(d, t->word[T_AT], READ, t, at);
}

struct thing *dump_waker(const struct dump *d, const struct thing *t, size_t *at)
{
        switch (thread_state(t)) {
        case AWAITING:
                return answerer(d, t, at);
        case SENDING:
                return receiver(d, t, at);
        case RECEIVING:
        case LISTENING:
                return dump_holder(d, t->word[T_AT], WRITE, t, at);
        default:
                return NULL;
        }
}

/* A line of the machine signals the notification. */
static bool hardware_wakes(const struct dump *d, uint64_t notification)
{
        for
                EACH(struct thing, t, d->things)
                {
                        if (notification && t->kind == LINE && t->word[0] == notification)
                                return true;
                }
        return false;
}

static bool bound_wakes(const struct dump *d, const struct thing *t)
{
        size_t at = 0;
        struct thing *who;

        if (thread_state(t) != RECEIVING || !t->word[T_BOUND])
                return false;
        if (hardware_wakes(d, t->word[T_BOUND]))
                return true;
        while ((who = dump_holder(d, t->word[T_BOUND], WRITE, t, &at)) != NULL) {
                if (who->live)
                        return true;
        }
        return false;
}

static bool may_go_on(const struct dump *d, const struct thing *t)
{
        unsigned state = thread_state(t);
        struct thing *who;
        size_t at = 0;

        if (state == RUNNING || state == RESTARTING)
                return true;
        if (state == LISTENING && hardware_wakes(d, t->word[T_AT]))
                return true;
        while ((who = dump_waker(d, t, &at)) != NULL) {
                if (who->live)
                        return true;
        }
        return bound_wakes(d, t);
}

static const char *waiting(unsigned state)
{
        return state == SENDING ? "to receive" : state == AWAITING ? "for an answer" : "for a message";
}

/* The first that keeps it. */
static struct thing *keeper(const struct dump *d, const struct thing *t)
{
        size_t at = 0;

        return dump_waker(d, t, &at);
}

/* A thread that only receives is idle. */
static bool wants_something(const struct thing *t)
{
        return thread_state(t) == SENDING || thread_state(t) == AWAITING;
}

/* A thread on the ring that the path from `t` leads to, or NULL. */
static struct thing *ring_of(const struct dump *d, struct thing *t)
{
        struct thing *slow = t, *fast = t;

        do {
                slow = keeper(d, slow);
                fast = keeper(d, fast);
                fast = fast ? keeper(d, fast) : NULL;
        } while (fast && fast != slow);
        return fast;
}

/* `t` is on a ring, is its first thread in the table, and some thread there sends or waits for an answer. */
static bool begins_ring(const struct dump *d, const struct thing *t)
{
        const struct thing *o = ring_of(d, (struct thing *)t);
        const struct thing *last = o;
        bool first = false, wants = false;

        if (!o)
                return false;
        do {
                if (o < t)
                        return false;
                first |= o == t;
                wants |= wants_something(o);
                o = keeper(d, o);
        } while (o != last);
        return first && wants;
}

static void tell_ring(const struct dump *d, const struct thing *t, FILE *to)
{
        const struct thing *o = t;

        fprintf(to, "deadlock: %s", thing_name(d, t->id));
        do {
                const struct thing *next = keeper(d, o);

                fprintf(to, "%s waits for %s %s", o == t ? "" : ", which", thing_name(d, next->id),
                        waiting(thread_state(o)));
                o = next;
        } while (o != t);
        fputc('\n', to);
}

/* Sets `live`. */
static void find_live(struct dump *d)
{
        bool more = true;

        for
                EACH(struct thing, t, d->things)
        t->live = false;
        while (more) {
                more = false;
                for
                        EACH(struct thing, t, d->things)
                        {
                                if (t->kind == THREAD && !t->live && may_go_on(d, t))
                                        t->live = more = true;
                        }
        }
}

unsigned waits_deadlocks(struct dump *d, FILE *to)
{
        unsigned rings = 0;

        find_live(d);
        for
                EACH(struct thing, t, d->things)
                {
                        if (t->kind != THREAD || t->live || !begins_ring(d, t))
                                continue;
                        tell_ring(d, t, to);
                        rings++;
                }
        return rings;
}
