/* SPDX-License-Identifier: BSD-2-Clause */
/* Wait queues: rings of equals, classes in groups, groups in a list.  Owns waitq.first, waitlink.next,
 * waitlink.class_next and waitlink.group_next, with their like in the other direction. */
#include "thread/waitq.h"
#include "core/panic.h"
#include "thread/thread.h"

static unsigned group_of(const struct thread *t)
{
        return t->priority >> 4;
}

static void ring_of_one(struct thread *t, enum wait_rank rank)
{
        t->link = (struct waitlink){.next = t, .prev = t};
        t->wait_rank = (uint8_t)rank;
}

static void join_ring(struct thread *leader, struct thread *t)
{
        struct thread *tail = leader->link.prev;

        t->link = (struct waitlink){.next = leader, .prev = tail};
        t->wait_rank = WAIT_MEMBER;
        tail->link.next = t;
        leader->link.prev = t;
}

/* `t` takes the place of `old` as leader of a group. */
static void replace_group(struct waitq *q, struct thread *old, struct thread *t)
{
        t->wait_rank = WAIT_GROUP_LEADER;
        t->link.group_next = old->link.group_next;
        t->link.group_prev = old->link.group_prev;
        if (t->link.group_next)
                t->link.group_next->link.group_prev = t;
        if (t->link.group_prev)
                t->link.group_prev->link.group_next = t;
        else
                q->first = t;
}

static void join_group(struct waitq *q, struct thread *leader, struct thread *t)
{
        struct thread *above = NULL, *c = leader;

        while (c && c->priority > t->priority) {
                above = c;
                c = c->link.class_next;
        }
        if (c && c->priority == t->priority) {
                join_ring(c, t);
                return;
        }
        ring_of_one(t, WAIT_CLASS_LEADER);
        t->link.class_next = c;
        t->link.class_prev = above;
        if (c)
                c->link.class_prev = t;
        if (above) {
                above->link.class_next = t;
        } else {
                replace_group(q, leader, t);
                leader->wait_rank = WAIT_CLASS_LEADER;
        }
}

void waitq_join_others(struct waitq *q, struct thread *t)
{
        struct thread *above = NULL, *g = q->first;

        if (waitq_is_alone(g))
                ring_of_one(g, WAIT_GROUP_LEADER);
        while (g && group_of(g) > group_of(t)) {
                above = g;
                g = g->link.group_next;
        }
        if (g && group_of(g) == group_of(t)) {
                join_group(q, g, t);
                return;
        }
        ring_of_one(t, WAIT_GROUP_LEADER);
        t->link.group_next = g;
        t->link.group_prev = above;
        if (g)
                g->link.group_prev = t;
        if (above)
                above->link.group_next = t;
        else
                q->first = t;
}

/* The next of the ring inherits the place of a leader that goes. */
static void leave_to_heir(struct waitq *q, struct thread *t, struct thread *heir)
{
        heir->link.class_next = t->link.class_next;
        heir->link.class_prev = t->link.class_prev;
        heir->wait_rank = t->wait_rank;
        if (heir->link.class_next)
                heir->link.class_next->link.class_prev = heir;
        if (heir->link.class_prev)
                heir->link.class_prev->link.class_next = heir;
        if (t->wait_rank == WAIT_GROUP_LEADER)
                replace_group(q, t, heir);
}

/* A class that was one thread goes. */
static void drop_class(struct waitq *q, struct thread *t)
{
        struct thread *below = t->link.class_next;

        if (below)
                below->link.class_prev = t->link.class_prev;
        if (t->link.class_prev) {
                t->link.class_prev->link.class_next = below;
                return;
        }
        if (below) {
                replace_group(q, t, below);
                return;
        }
        if (t->link.group_next)
                t->link.group_next->link.group_prev = t->link.group_prev;
        if (t->link.group_prev)
                t->link.group_prev->link.group_next = t->link.group_next;
        else
                q->first = t->link.group_next;
}

static struct thread *marked_at(const word *place)
{
        return (struct thread *)(*place & ~(word)WAITQ_FLAGS);
}

static void set_mark(word *place, struct thread *t)
{
        *place = (*place & WAITQ_FLAGS) | (word)t;
}

void waitq_mark(word *place, struct thread *t, struct waitmark m)
{
        m.place = place;
        set_mark(place, t);
        t->mark = m;
        t->wait_marked = WAIT_HERE;
        if (m.first) {
                m.first->mark.place = place;
                m.first->wait_marked = WAIT_FIRST;
        }
}

struct waitmark waitq_unmark(word *place)
{
        struct thread *t = marked_at(place);
        struct waitmark m = t->mark;

        t->wait_marked = WAIT_UNMARKED;
        t->mark = (struct waitmark){0};
        if (m.first) {
                m.first->wait_marked = WAIT_UNMARKED;
                m.first->mark = (struct waitmark){0};
        }
        set_mark(place, NULL);
        return m;
}

/* A marked thread is about to leave. */
__attribute__((cold, noinline)) static void pass_mark(struct thread *t)
{
        struct thread *next = waitq_next(t);
        word *place = t->mark.place;

        if (t->wait_marked == WAIT_FIRST) {
                t->wait_marked = WAIT_UNMARKED;
                t->mark = (struct waitmark){0};
                marked_at(place)->mark.first = NULL;
                return;
        }
        struct waitmark m = waitq_unmark(place);
        if (!next && m.first) { /* only the thread found is left to look at: find it again */
                next = m.first;
                m.first = NULL;
        }
        if (next)
                waitq_mark(place, next, m);
}

/* The first thread leaves, and another of its class follows: the commonest case. */
static inline void leave_first(struct waitq *q, struct thread *t, struct thread *heir)
{
        struct thread *below = t->link.class_next, *group = t->link.group_next, *tail = t->link.prev;

        heir->link = (struct waitlink){
                .next = heir->link.next, .prev = tail, .class_next = below, .group_next = group};
        heir->wait_rank = WAIT_GROUP_LEADER;
        tail->link.next = heir;
        if (below)
                below->link.class_prev = heir;
        if (group)
                group->link.group_prev = heir;
        q->first = heir;
        t->link.next = t->link.prev = NULL;
        t->wait_rank = WAIT_MEMBER;
}

/* A marked thread was never alone in its queue, so it leaves here. */
void waitq_leave_others(struct waitq *q, struct thread *t)
{
        struct thread *heir = t->link.next;

        if (t == q->first && heir != t && !t->wait_marked) {
                leave_first(q, t, heir);
                return;
        }
        if (t->wait_marked)
                pass_mark(t);
        heir->link.prev = t->link.prev;
        t->link.prev->link.next = heir;
        if (t->wait_rank != WAIT_MEMBER) {
                if (heir != t)
                        leave_to_heir(q, t, heir);
                else
                        drop_class(q, t);
        }
        t->link.next = t->link.prev = NULL;
        t->wait_rank = WAIT_MEMBER;
}

void waitq_close_row(struct waitq *q, struct thread *first, struct thread *before, struct thread *end)
{
        bool leads = first->wait_rank != WAIT_MEMBER;

        if (end == first) {
                drop_class(q, first);
        } else {
                before->link.next = end;
                end->link.prev = before;
                if (leads)
                        leave_to_heir(q, first, end);
        }
        first->wait_rank = WAIT_MEMBER;
}

struct thread *waitq_next(struct thread *t)
{
        struct thread *leader = t->link.next;

        if (!leader)
                return NULL;
        if (leader->wait_rank == WAIT_MEMBER)
                return leader;
        if (leader->link.class_next)
                return leader->link.class_next;
        while (leader->wait_rank != WAIT_GROUP_LEADER)
                leader = leader->link.class_prev;
        return leader->link.group_next;
}

/* Instructions per waiter passed and per class of them; of a step; and of a step that ends within a class, which a walk does not
 * begin again for the last ones. */
enum { PASS_COST = 4, CLASS_COST = 16, STEP = 1500, LONG_STEP = STEP + 64 * PASS_COST };

/* Whether `t` has the badge; and who is behind it. */
static inline bool stops(const struct thread *t, struct thread **behind, word badge)
{
        struct thread *next = t->link.next;
        word own = t->send_badge;

        together_here(own, next);
        *behind = next;
        return own == badge;
}

/* From `a` on, in a ring that has the badge, to a sender with it or to where a step ends.  Three instructions for each thread: two
 * variables, so that no moves are needed, and six threads are passed between two counts. */
static inline __attribute__((always_inline)) struct thread *pass_threads(struct thread *a, word badge,
                                                                         word *cost)
{
        struct thread *b;

        for (;;) {
                if (stops(a, &b, badge))
                        return a;
                if (stops(b, &a, badge))
                        return b;
                if (stops(a, &b, badge))
                        return a;
                if (stops(b, &a, badge))
                        return b;
                if (stops(a, &b, badge))
                        return a;
                if (stops(b, &a, badge))
                        return b;
                not_before(*cost);
                *cost += 6 * PASS_COST;
                if (*cost >= LONG_STEP)
                        return a;
        }
}

/* Through the class of `leader`, which has another badge, to a sender with `badge`, back to the leader, or one step far.  The
 * leader has the badge meanwhile, so that one comparison finds both. */
static inline struct thread *pass_class(struct thread *leader, word badge, word *cost)
{
        word own = leader->send_badge;

        leader->send_badge = badge;
        struct thread *t = pass_threads(leader->link.next, badge, cost);
        leader->send_badge = own;
        *cost += CLASS_COST;
        return t;
}

/* From the middle of a class, where a walk was interrupted, to a sender with `badge` or the leader. */
static inline struct thread *pass_rest(struct thread *t, word badge, word *cost)
{
        while (t->wait_rank == WAIT_MEMBER && t->send_badge != badge && *cost < STEP) {
                t = t->link.next;
                *cost += 2 * PASS_COST;
        }
        return t;
}

static struct thread *group_leader(struct thread *t)
{
        while (t->wait_rank != WAIT_GROUP_LEADER)
                t = t->link.class_prev;
        return t;
}

static inline __attribute__((always_inline)) struct thread *seek(struct thread *t, word badge, word *cost)
{
        if (waitq_is_alone(t))
                return t->send_badge == badge ? t : NULL;
        if (t->wait_rank == WAIT_MEMBER) {
                t = pass_rest(t, badge, cost);
                if (t->wait_rank == WAIT_MEMBER)
                        return t;
                t = waitq_next(t->link.prev);
        }
        for (struct thread *group = t ? group_leader(t) : NULL;
             t && t->send_badge != badge && *cost < STEP;) {
                struct thread *at = pass_class(t, badge, cost);

                if (at != t)
                        return at;
                t = t->link.class_next;
                if (!t)
                        t = group = group->link.group_next;
        }
        return t;
}

struct thread *waitq_seek(struct thread *t, word badge, word *cost)
{
        word spent = CLASS_COST; /* in a register */

        t = seek(t, badge, &spent);
        *cost = spent;
        return t;
}
