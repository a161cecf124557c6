/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting: a call that cannot continue stands in the queues of what it waits for, and is rung for when something happens there.
 *
 *      wait_at(&reader, &pipe->filled);        the reader cannot go on
 *      ...
 *      wait_wake(&pipe->filled);               something was written: whoever stood there is rung for
 *      ...
 *      w = wait_next();                        the server takes them one after the other, and lets them try again
 *
 * A waiter that is rung for leaves all queues it stands in; if it cannot continue after all, it enters them again.  Nothing is called from
 * here: whoever wakes others need not know them, and may be a driver in a process of its own that sends a signal.
 *
 * Invariants: a place is in at most one queue; a waiter that enters queues in one go stands at most once in each, and in none while it is
 * rung for.
 * Cost: constant, except for wait_wake, which costs what it wakes, and wait_leave, wait_stands, wait_move and wait_behind, which cost the
 * waiter's places (a place of its own is found first).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiter;
struct wait_queue;

struct wait_place {
        struct wait_place *next, *prev;
        struct wait_queue *queue; /* NULL: free */
        struct waiter *waiter;
        struct wait_place *more; /* of the same waiter, or of those that are nobody's */
};

struct wait_queue {
        struct wait_place *first, *last;
        uint64_t events; /* how often it was woken, whoever stood there */
};

/* A waiter has a few places of its own; those who wait for many things take more out of a pool. */
enum { WAIT_OWN = 3, WAIT_PLACES = 8192 }; /* as many files as a process has, and two more */

struct waiter {
        unsigned
                places; /* of its own in use, from the first on; while rung for, it is one: that of the bell */
        bool rung;
        struct wait_place place[WAIT_OWN];
        struct wait_place *more; /* the others */
};

/* Stand in a queue, behind the others.  False when the pool is used up: then it must look again by itself. */
bool wait_at(struct waiter *w, struct wait_queue *q);

/* Leave all queues; not rung for any more. */
void wait_leave(struct waiter *w);

/* Does it stand there?  And: from there it goes behind the others of another queue, and stays in the rest. */
bool wait_stands(const struct waiter *w, const struct wait_queue *q);
void wait_move(struct waiter *w, struct wait_queue *from, struct wait_queue *to);

/* Ring for one, or for all that stand in a queue, in their order. */
void wait_ring(struct waiter *w);
void wait_wake(struct wait_queue *q);

/* The waiter that has stood in a queue for the longest time, NULL: none; the shortest; the one behind. */
struct waiter *wait_first(const struct wait_queue *q);
struct waiter *wait_last(const struct wait_queue *q);
struct waiter *wait_behind(const struct waiter *w, const struct wait_queue *q);

/* Is anybody rung for?  It is asked for each message.  Take the next one off. */
extern struct wait_queue wait_bell;
static inline bool wait_rung(void)
{
        return wait_bell.first;
}
struct waiter *wait_next(void);
