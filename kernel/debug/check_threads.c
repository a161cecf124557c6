/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads between two kernel entries: what each state implies, the three kinds of queues, and who runs. */
#include "chain/binding.h"
#include "chain/reply.h"
#include "debug/checker.h"
#include "ipc/endpoint.h"
#include "thread/core_of.h"
#include "thread/ready.h"
#include "time/sched_context.h"

/* Threads found in queues, to be compared with the threads' own records. */
static struct {
        word ready, release, waiting, marked;
} met;

static bool exists(const struct thread *t)
{
        return object_exists(CAP_TCB, t);
}

/* It runs, on whatever core; what belongs to other cores is looked at from there. */
static bool is_running(const struct thread *t)
{
        return core_of(t)->current == t;
}

/* Sets of ready queues: of domains, or of cores. */
static word sets(void)
{
        return several_cores() ? kernel.cores : kernel.domains;
}

/* What was usable by the clock of the core that made it ready, which may be another one than this. */
static bool was_eligible(struct thread *t)
{
        word now = this_core()->now;

        for (word n = 0; several_cores() && n < kernel.cores; n++)
                now = kernel.peer[n]->now > now ? kernel.peer[n]->now : now;
        return thread_is_runnable(t) && t->sc && sc_is_configured(t->sc) &&
               (sc_is_round_robin(t->sc) || sc_head(t->sc)->time <= now);
}

/* --- ready queues */

static void check_ring(const struct ready *r, word domain, word priority)
{
        struct thread *head = r->head[priority], *t = head;

        HOLDS((head != NULL) == priorities_has(&r->some, priority));
        if (!head)
                return;
        do {
                HOLDS(exists(t) && t->in_ready && !t->in_release);
                HOLDS(t->priority == priority && t->domain == domain);
                HOLDS(!is_running(t) && was_eligible(t));
                HOLDS(t->link.next->link.prev == t);
                met.ready++;
                t = t->link.next;
        } while (t != head);
}

static void check_ready(word domain)
{
        const struct ready *r = &kernel.ready[domain];

        HOLDS(r->head[r->some.highest] || r->some.highest == 0);
        for (word p = 0; p < PRIORITIES; p++) {
                check_ring(r, domain, p);
                HOLDS(!r->head[p] || p <= r->some.highest);
        }
}

/* --- the release tree: by time; the order of arrival among equals is not recorded anywhere */

static struct thread *first_below(struct thread *t)
{
        while (t && t->release_child[0])
                t = t->release_child[0];
        return t;
}

static struct thread *release_next(struct thread *t)
{
        if (t->release_child[1])
                return first_below(t->release_child[1]);
        while (t->release_up && t->release_up->release_child[1] == t)
                t = t->release_up;
        return t->release_up;
}

static void check_released(struct thread *t)
{
        HOLDS(exists(t) && t->in_release && !t->in_ready);
        HOLDS(thread_is_runnable(t) && t->sc && sc_is_configured(t->sc) && t != this_core()->current);
        HOLDS(t->release_time == sc_head(t->sc)->time &&
              (t->release_time > this_core()->now || this_core()->overdue));
        for (word i = 0; i < 2; i++) {
                const struct thread *child = t->release_child[i];

                HOLDS(!child || (child->release_up == t && child->release_rank < t->release_rank));
        }
        met.release++;
}

static void check_release(void)
{
        const struct core *core = this_core();
        struct thread *first = first_below(core->release_root);

        HOLDS(core->release == first && (!first || !core->release_root->release_up));
        for (struct thread *t = first, *next; t; t = next) {
                check_released(t);
                next = release_next(t);
                HOLDS(!next || t->release_time <= next->release_time);
        }
}

/* --- wait queues: rings of equals in classes, classes in groups of 16 priorities */

struct wait_place {
        const struct waitq *queue;
        word state; /* of every thread in it */
};

static void check_waiter(struct thread *t, const struct wait_place *w)
{
        HOLDS(exists(t) && t->waiting_at == w->queue && t->state == w->state);
        HOLDS(!t->in_ready && !t->in_release);
        met.waiting++;
}

static void check_wait_ring(struct thread *leader, const struct wait_place *w)
{
        struct thread *t = leader;

        HOLDS(leader->wait_rank != WAIT_MEMBER);
        do {
                check_waiter(t, w);
                HOLDS(t->priority == leader->priority);
                HOLDS(t == leader || t->wait_rank == WAIT_MEMBER);
                HOLDS(t->link.next->link.prev == t);
                t = t->link.next;
        } while (t != leader);
}

static void check_wait_group(struct thread *first, const struct wait_place *w)
{
        HOLDS(first->wait_rank == WAIT_GROUP_LEADER && !first->link.class_prev);
        for (struct thread *c = first; c; c = c->link.class_next) {
                struct thread *below = c->link.class_next;

                check_wait_ring(c, w);
                HOLDS(c == first || c->wait_rank == WAIT_CLASS_LEADER);
                HOLDS(!below || (below->link.class_prev == c && below->priority < c->priority));
                HOLDS(!below || below->priority >> 4 == first->priority >> 4);
        }
}

static void check_waitq(const struct waitq *q, enum thread_state state)
{
        const struct wait_place w = {.queue = q, .state = state};

        if (q->first && waitq_is_alone(q->first)) {
                check_waiter(q->first, &w);
                return;
        }
        HOLDS(!q->first || !q->first->link.group_prev);
        for (struct thread *g = q->first; g; g = g->link.group_next) {
                struct thread *below = g->link.group_next;

                check_wait_group(g, &w);
                HOLDS(!below || (below->link.group_prev == g && below->priority >> 4 < g->priority >> 4));
        }
}

static bool is_marked(const struct endpoint *e, const struct thread *t, enum wait_marked how)
{
        return t->waiting_at == &e->queue && t->state == SENDING && t->wait_marked == how &&
               t->mark.place == &e->holds;
}

/* An interrupted cancellation of badged sends. */
static void check_mark(const struct endpoint *e)
{
        const struct thread *t = endpoint_mark(e), *first = t ? t->mark.first : NULL;

        HOLDS(!t ||
              (is_marked(e, t, WAIT_HERE) && t->mark.badge != 0 && endpoint_holds(e) == ENDPOINT_SENDERS));
        HOLDS(!first ||
              (is_marked(e, first, WAIT_FIRST) && first->send_badge == t->mark.badge && !t->mark.several));
        met.marked += (t != NULL) + (first != NULL);
}

static void check_queues_of_objects(void)
{
        for (word i = 0; i < checker.objects; i++) {
                struct cap c = checker.object[i].slot->cap;
                const struct endpoint *e = cap_object(c);
                const struct notification *n = cap_object(c);

                bool dying = cap_kind(c) == CAP_ZOMBIE && zombie_is_queue(c);
                bool is_endpoint = cap_object_bits(c) == ENDPOINT_BITS;

                HOLDS(!dying || !waitq_is_empty(&e->queue));
                if (cap_kind(c) == CAP_ENDPOINT || (dying && is_endpoint)) {
                        check_waitq(&e->queue, endpoint_holds(e) == ENDPOINT_SENDERS ? SENDING : RECEIVING);
                        check_mark(e);
                } else if (cap_kind(c) == CAP_NOTIFICATION || dying) {
                        check_waitq(&n->waiters, LISTENING);
                        HOLDS(!dying || (!n->bound && !n->sc && !n->raised));
                }
        }
}

/* --- single threads */

static bool is_waiting(const struct thread *t)
{
        return t->state == SENDING || t->state == RECEIVING || t->state == LISTENING;
}

static void check_slots(const struct thread *t)
{
        static const uint8_t kind[TCB_SLOTS] = {CAP_CNODE, CAP_VSPACE, CAP_FRAME, CAP_ENDPOINT, CAP_ENDPOINT};

        for (word i = 0; i < TCB_SLOTS; i++) {
                enum cap_kind k = cap_kind(t->slot[i].cap);

                HOLDS(k == CAP_NULL || k == CAP_ZOMBIE || k == kind[i]);
        }
}

static void check_thread(struct thread *t)
{
        const struct core *core = this_core();
        bool runnable = thread_is_runnable(t), has_time = t->sc && sc_is_configured(t->sc);

        HOLDS(exists(t));
        HOLDS(t->state <= AWAITING_REPLY && t->domain < sets());
        HOLDS(t->state != AWAITING_REPLY || (t->reply && t->reply->thread == t));
        HOLDS(!t->reply || t->state == AWAITING_REPLY || t->state == RECEIVING);
        HOLDS(t->fault.type == FAULT_NONE || t->state == SENDING || t->state == AWAITING_REPLY ||
              t->state == INACTIVE);
        bool placed = runnable && has_time && !is_running(t), usable = placed && sc_is_usable(t->sc);
        HOLDS((t->in_ready || t->in_release) == placed && !(t->in_ready && t->in_release));
        HOLDS(!placed || is_elsewhere(t) || (usable ? t->in_ready || core->overdue : t->in_release));
        HOLDS(t->vcpu || (t->context.spsr & 0x1ff) == (word)SPSR_USER);
        check_slots(t);
}

static void check_running(void)
{
        const struct core *core = this_core();
        struct thread *t = core->current, *best = ready_best(core->domain);

        HOLDS(!core->woken && !core->choose && !core->reprogram);
        HOLDS(!core->reload || !t); /* while idle it waits for the next thread */
        HOLDS(core->domain < sets() && core->ready == &kernel.ready[core->domain]);
        HOLDS(!core->fpu_owner || exists(core->fpu_owner));
        HOLDS(!t || (exists(t) && t->state == RUNNING && t->sc && t->domain == core->domain));
        HOLDS(!t || (sc_is_usable(t->sc) && core->charged == t->sc));
        HOLDS(t ? !best || best->priority <= t->priority : !best);
}

void check_threads(void)
{
        word ready = 0, release = 0, waiting = 0, marked = 0, threads = 0;

        met.ready = met.release = met.waiting = met.marked = 0;
        for (word d = 0; d < sets(); d++)
                check_ready(d);
        check_release();
        check_queues_of_objects();
        for (struct thread *t = kernel.threads; t; t = t->all_next) {
                HOLDS(!t->all_next || t->all_next->all_prev == t);
                check_thread(t);
                threads++;
                ready += t->in_ready;
                release += t->in_release && !is_elsewhere(t);
                waiting += is_waiting(t);
                marked += t->wait_marked != WAIT_UNMARKED;
        }
        HOLDS(ready == met.ready && release == met.release && waiting == met.waiting && marked == met.marked);
        for (word i = 0; i < checker.objects; i++)
                threads -= cap_kind(checker.object[i].slot->cap) == CAP_TCB;
        HOLDS(threads == 0);
        check_running();
}
