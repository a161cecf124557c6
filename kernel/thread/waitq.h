/* SPDX-License-Identifier: BSD-2-Clause */
/* A queue of threads that wait at an endpoint or notification: descending priority, first come first served among
 * equals.
 *
 * Level 6.  A queue is one word, because a public endpoint has sixteen bytes in all.  Threads of one priority form a
 * ring (a class); the first of a class also links to the first of the next lower class of its group (16 neighbouring
 * priorities), and the first of a group to the first of the next group.  So joining costs at most 16 + 16 steps and
 * leaving is constant, whatever the number of waiters.
 *
 *      waitq.first
 *         |
 *      [A 200] <-> [D 200] <-> (A)     the ring of class 200: A came first; A leads class and group
 *         |  class_next
 *      [B 195] <-> (B)                 the next class of the group 192..207
 *
 *         A.group_next
 *            |
 *      [C 17] <-> [E 17] <-> (C)       C leads class 17 and the group 16..31
 *
 * A thread that joins an empty queue is alone: its link.next is NULL, and its other links and its rank mean nothing until
 * a second one joins.
 *
 * Needs struct thread: whoever joins or leaves includes thread/thread.h.
 */
#pragma once

#include "core/word.h"

struct thread;

struct waitq {
        struct thread *first; /* Written by waitq, short_call, short_signal, thread. */
};

/* A thread's place in a wait queue.  `next` and `prev` also link ready queues: no thread is in both. */
struct waitlink {
        /* Ring of equals.  Written by waitq, cancel, ready. */
        struct thread *next, *prev; /* ring of equal priority; the leader's prev is the tail */

        /* Written by waitq. */
        struct thread *class_next, *class_prev; /* leaders of one group, descending priority */
        struct thread *group_next, *group_prev; /* leaders of groups, descending */
};

enum wait_rank { WAIT_MEMBER, WAIT_CLASS_LEADER, WAIT_GROUP_LEADER };

/* A walk over a queue that was interrupted.  A word beside the queue leads to the thread where it goes on (which leaves
 * its lowest bits to the owner: threads are aligned), and the thread keeps what the walk has to know.  When one of both threads leaves the
 * queue, the mark passes on to the next. */
struct waitmark {
        word badge;           /* what the walk looks for */
        bool several;         /* it has found more than one */
        struct thread *first; /* the only one found so far, still in the queue; or NULL */
        word *place;
};

enum { WAITQ_FLAGS = 2047 };
enum wait_marked { WAIT_UNMARKED, WAIT_HERE, WAIT_FIRST };

void waitq_mark(word *place, struct thread *t, struct waitmark m);

/* Remove the mark; there must be one. */
struct waitmark waitq_unmark(word *place);

static inline bool waitq_is_empty(const struct waitq *q)
{
        return q->first == NULL;
}

/* Join a queue that is not empty; leave one in which others wait, or once waited. */
void waitq_join_others(struct waitq *q, struct thread *t);
void waitq_leave_others(struct waitq *q, struct thread *t);

/* From `t` on to a sender with `badge` or the end (NULL); in a long queue not further than about 400 threads or 90 classes.
 * *cost: the instructions that this took. */
struct thread *waitq_seek(struct thread *t, word badge, word *cost);

/* Threads of one class have left, `first` and those behind it up to `end`, with their `next` and `prev` only; `before` was in
 * front of them in the ring, and `end` is `first` when all are gone.  None of them is marked. */
void waitq_close_row(struct waitq *q, struct thread *first, struct thread *before, struct thread *end);

/* The thread served after `t`, or NULL. */
struct thread *waitq_next(struct thread *t);
