/* SPDX-License-Identifier: BSD-2-Clause */
/* Wait queues, the release tree and ready queues: random histories beside arrays, shape and cost checked each time.
 *
 * shows: SCH-35
 */
#include "core/state.h"
#include "sched/sched.h"
#include "tests/lib/test.h"
#include "thread/ready.h"
#include "thread/release.h"
#include "thread/thread.h"
#include "thread/waitq.h"
#include "time/sched_context.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS = 200, STEPS = 6000, WAIT_STEPS_MAX = 32 };

static struct thread *thread[THREADS];
static struct thread *order[THREADS]; /* the reference: the expected order, first to last */
static word waiting;
static word joined; /* the release tree: so many threads, since it was empty */

static word random_below(word n)
{
        return (word)random() % n;
}

static void new_threads(void)
{
        memset(&kernel, 0, sizeof kernel);
        kernel.domains = 1;
        for (word i = 0; i < THREADS; i++) {
                free(thread[i]);
                thread[i] = calloc(1, 1u << TCB_BITS);
        }
        waiting = joined = 0;
}

static word place_of(const struct thread *t)
{
        word i = 0;

        while (i < waiting && order[i] != t)
                i++;
        return i;
}

static void insert_at(word i, struct thread *t)
{
        memmove(order + i + 1, order + i, (waiting - i) * sizeof order[0]);
        order[i] = t;
        waiting++;
}

static void remove_at(word i)
{
        waiting--;
        memmove(order + i, order + i + 1, (waiting - i) * sizeof order[0]);
}

/* --- wait queues --- */

static word check_ring(const struct thread *leader)
{
        word n = 0;
        const struct thread *t = leader;

        do {
                CHECK_EQUAL(t->priority, leader->priority);
                CHECK(t->link.next->link.prev == t);
                CHECK(t == leader || t->wait_rank == WAIT_MEMBER);
                t = t->link.next;
                n++;
        } while (t != leader && n <= THREADS);
        return n;
}

/* Groups and classes descend, every thread is in one ring, and no way to a class is longer than 16 + 16 steps. */
static void check_shape(const struct waitq *q)
{
        word found = 0, groups = 0;

        if (q->first && waitq_is_alone(q->first)) {
                CHECK_EQUAL(1, waiting);
                return;
        }
        for (const struct thread *g = q->first; g; g = g->link.group_next, groups++) {
                word classes = 0;

                CHECK_EQUAL(g->wait_rank, WAIT_GROUP_LEADER);
                if (g->link.group_next) {
                        CHECK(g->link.group_next->link.group_prev == g);
                        CHECK(g->link.group_next->priority / 16 < g->priority / 16);
                }
                for (const struct thread *c = g; c; c = c->link.class_next, classes++) {
                        const struct thread *below = c->link.class_next;

                        CHECK(c == g || c->wait_rank == WAIT_CLASS_LEADER);
                        CHECK(!below || (below->priority < c->priority && below->link.class_prev == c));
                        CHECK_EQUAL(c->priority / 16, g->priority / 16);
                        found += check_ring(c);
                }
                CHECK(groups + classes <= WAIT_STEPS_MAX);
        }
        CHECK_EQUAL(found, waiting);
}

static void check_order(const struct waitq *q)
{
        struct thread *t = q->first;

        for (word i = 0; i < waiting; i++, t = waitq_next(t))
                CHECK(t == order[i]);
        CHECK(t == NULL);
}

static void join(struct waitq *q, struct thread *t, word priority)
{
        word i = 0;

        t->priority = (uint8_t)priority;
        while (i < waiting && order[i]->priority >= priority)
                i++;
        insert_at(i, t);
        waitq_join(q, t);
}

static void wait_queue_history(word priorities)
{
        struct waitq q = {NULL};

        new_threads();
        for (word step = 0; step < STEPS; step++) {
                struct thread *t = thread[random_below(step < STEPS / 2 ? THREADS : THREADS / 8)];
                word i = place_of(t);

                if (i == waiting) {
                        join(&q, t, 255 - random_below(priorities));
                } else if (random_below(4)) {
                        remove_at(i);
                        waitq_leave(&q, t);
                } else {
                        t = order[0];
                        remove_at(0);
                        waitq_leave(&q, t);
                }
                check_shape(&q);
                check_order(&q);
        }
        while (waiting) {
                struct thread *t = q.first;

                CHECK(t == order[0]);
                remove_at(0);
                waitq_leave(&q, t);
                check_order(&q);
        }
        CHECK(waitq_is_empty(&q));
}

static void wait_queues(void)
{
        srandom(2);
        wait_queue_history(1);
        wait_queue_history(3);
        wait_queue_history(40);
        wait_queue_history(256);
}

enum { BADGES = 5 };

/* Some of a class from `order[i]` on leave at once, as ipc/cancel.c does it. */
static void leave_row(struct waitq *q, word i)
{
        struct thread *first = order[i], *before = first->link.prev, *end = first;
        word most = 1 + random_below(6), n = 0;

        do {
                struct thread *next = end->link.next;

                end->link.next = end->link.prev = NULL;
                end = next;
                remove_at(i);
        } while (end != first && ++n < most && end->wait_rank == WAIT_MEMBER);
        waitq_close_row(q, first, before, end);
        CHECK_EQUAL(first->wait_rank, WAIT_MEMBER);
}

/* A walk in steps from `order[i]` on meets the first with that badge. */
static void seek_from(word i, word badge)
{
        struct thread *t = order[i];
        word cost;

        while (t && t->send_badge != badge) {
                struct thread *at = waitq_seek(t, badge, &cost);

                CHECK(at != t);
                t = at;
        }
        while (i < waiting && order[i]->send_badge != badge)
                i++;
        CHECK(t == (i < waiting ? order[i] : NULL));
}

static void row_history(word priorities)
{
        struct waitq q = {NULL};

        new_threads();
        for (word i = 0; i < THREADS; i++)
                thread[i]->send_badge = random_below(BADGES - 1);
        for (word step = 0; step < STEPS; step++) {
                struct thread *t = thread[random_below(THREADS)];

                if (place_of(t) == waiting)
                        join(&q, t, 255 - random_below(priorities));
                if (random_below(2) && !waitq_is_alone(q.first))
                        leave_row(&q, random_below(waiting));
                check_shape(&q);
                check_order(&q);
                if (waiting)
                        seek_from(random_below(waiting), random_below(BADGES));
        }
}

static void wait_queue_rows(void)
{
        srandom(6);
        row_history(1);
        row_history(3);
        row_history(40);
        row_history(256);
}

/* --- the release tree --- */

/* Below 3/2 log2 of them, and one. */
static word height_allowed(void)
{
        return 3 * (top_bit(joined) + 1) / 2 + 1;
}

/* Ranks fall from parent to child, and times are in order.  Returns how many there are. */
static word check_tree(const struct thread *t, const struct thread *up, word height)
{
        if (!t)
                return 0;
        const struct thread *earlier = t->release_child[0], *later = t->release_child[1];

        CHECK(t->release_up == up && t->in_release && height < height_allowed());
        CHECK(!up || t->release_rank < up->release_rank);
        CHECK(!earlier || earlier->release_time <= t->release_time);
        CHECK(!later || later->release_time >= t->release_time);
        return check_tree(earlier, t, height + 1) + 1 + check_tree(later, t, height + 1);
}

static void tree_is(const struct core *core)
{
        CHECK_EQUAL(check_tree(core->release_root, NULL, 0), waiting);
        CHECK(core->release == (waiting ? order[0] : NULL));
}

static void wait_until(struct thread *t, word time)
{
        word i = 0;

        while (i < waiting && order[i]->release_time <= time)
                i++;
        insert_at(i, t);
        joined++;
        release_insert(t, time);
}

static void release_tree_history(word times)
{
        struct core *core = this_core();

        new_threads();
        for (word step = 0; step < STEPS; step++) {
                struct thread *t = thread[random_below(THREADS)];
                word i = place_of(t);

                if (i == waiting) {
                        bool first = !waiting;
                        word time = random_below(times), head = waiting ? order[0]->release_time : 0;

                        core->reprogram = false;
                        wait_until(t, time);
                        CHECK_EQUAL(core->reprogram, first || time < head);
                } else {
                        core->reprogram = false;
                        remove_at(i);
                        release_remove(t);
                        CHECK(i > 0 || core->reprogram);
                }
                tree_is(core);
        }
        while (waiting) {
                struct thread *t = core->release;

                remove_at(0);
                release_remove(t);
                CHECK(!t->in_release);
                tree_is(core);
        }
}

static void release_tree(void)
{
        srandom(3);
        release_tree_history(1);
        release_tree_history(10);
        release_tree_history(1000000);
}

/* Ascending, descending and equal times: the shapes that make a careless tree a list. */
static void release_tree_in_sorted_orders(void)
{
        for (word shape = 0; shape < 3; shape++) {
                new_threads();
                for (word i = 0; i < THREADS; i++)
                        wait_until(thread[i], shape == 0 ? i : shape == 1 ? THREADS - i : 5);
                tree_is(this_core());
                while (waiting > 1) {
                        struct thread *t = order[waiting / 2];

                        remove_at(waiting / 2);
                        release_remove(t);
                        tree_is(this_core());
                }
        }
}

/* The first leaves and comes back as the last, again and again, and all others stay: ranks do not pile up. */
static void release_tree_as_a_queue(void)
{
        new_threads();
        for (word i = 0; i < THREADS; i++)
                wait_until(thread[i], i);
        for (word i = 0; i < 20 * THREADS; i++) {
                struct thread *t = release_first(this_core());

                CHECK(t == order[0]);
                remove_at(0);
                wait_until(t, THREADS + i);
        }
        joined = THREADS;
        tree_is(this_core());
}

/* --- ready queues --- */

static void push(struct thread *t, word priority, bool front)
{
        word i = 0;

        t->priority = (uint8_t)priority;
        while (i < waiting && order[i]->priority >= priority + front)
                i++;
        insert_at(i, t);
        if (front)
                ready_push_front(t);
        else
                ready_push_back(t);
}

static void ready_history(word priorities)
{
        new_threads();
        for (word step = 0; step < STEPS; step++) {
                struct thread *t = thread[random_below(THREADS)];
                word i = place_of(t);

                if (i == waiting) {
                        push(t, 255 - random_below(priorities), random_below(2));
                } else {
                        remove_at(i);
                        ready_remove(t);
                }
                CHECK(ready_best(0) == (waiting ? order[0] : NULL));
        }
        while (waiting) {
                struct thread *t = ready_take_best(kernel.ready);

                CHECK(t == order[0]);
                CHECK(!t->in_ready);
                remove_at(0);
        }
        CHECK(!ready_best(0) && !ready_take_best(kernel.ready));
}

static void ready_queues(void)
{
        srandom(4);
        ready_history(1);
        ready_history(5);
        ready_history(256);
}

/* A thread that waits for budget is in the heap until it is released, whoever wakes it and even if its budget has come.  No
 * caller does that today: they take threads out of the heap first, or wake threads that were blocked. */
static void wakes_nobody_twice(void)
{
        static word memory[16 + 4]; /* of a context with two refills */
        struct sched_context *s = (struct sched_context *)memory;
        struct core *core = this_core();
        struct thread *t;

        new_threads();
        t = thread[0];
        t->state = RUNNING;
        t->sc = s;
        s->thread = t;
        s->max = 2;
        s->count = 1;
        s->period = 1000;
        s->refill[0] = (struct refill){.time = 500, .amount = 100};
        sched_wake(t);
        CHECK(t->in_release && !t->in_ready && core->release == t && !core->woken);
        core->now = 600;
        sched_wake(t);
        CHECK(t->in_release && !t->in_ready && core->release == t && !core->woken);
        release_remove(t);
        sched_wake(t);
        CHECK(core->woken == t && !t->in_release);
}

/* Beside an array of bools: sets with few members and with many, below a bound that leaves whole words empty. */
static void priorities_beside_an_array(void)
{
        enum { ROUNDS = 200, EACH = 200 };

        for (word round = 0; round < ROUNDS; round++) {
                word bound = 1 + random_below(PRIORITIES), rare = 1 + random_below(8);
                bool there[PRIORITIES] = {0};
                struct priorities s = {0};

                for (word i = 0; i < EACH; i++) {
                        word p = random_below(bound), highest = PRIORITIES - 1;

                        CHECK_EQUAL(priorities_has(&s, p), there[p]);
                        if (there[p])
                                priorities_remove(&s, p);
                        else if (i % rare == 0)
                                priorities_add(&s, p);
                        there[p] = !there[p] && i % rare == 0;
                        while (highest > 0 && !there[highest])
                                highest--;
                        CHECK_EQUAL(s.highest, highest);
                }
        }
}

const struct test sched_queue_tests[] = {
        {"sched: a thread that waits for budget is not woken", wakes_nobody_twice},
        {"sched: wait queues beside an array", wait_queues},
        {"sched: rows leave wait queues, and walks find badges", wait_queue_rows},
        {"sched: the release tree beside an array", release_tree},
        {"sched: the release tree filled in sorted orders", release_tree_in_sorted_orders},
        {"sched: the release tree as a queue", release_tree_as_a_queue},
        {"sched: ready queues beside an array", ready_queues},
        {"priorities: the highest of a set", priorities_beside_an_array},
        {NULL, NULL},
};
