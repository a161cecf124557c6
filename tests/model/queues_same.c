/* SPDX-License-Identifier: BSD-2-Clause */
/* See queues_same.h. */
#include "tests/model/queues_same.h"
#include "chain/reply.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "mem/retype.h"
#include "tests/lib/test.h"
#include "time/clock.h"

static struct thread *thread[Q_THREADS];
static struct sched_context *time_of[Q_TIMES];

word slot_of_thread(int t)
{
        return t == 0 ? SLOT_INIT_TCB : THREAD + (word)(t - 1) * USER_THREAD_SLOTS;
}

word slot_of_time(int s)
{
        if (s >= Q_THREADS)
                return SPARE + (word)(s - Q_THREADS);
        return s == 0 ? SLOT_INIT_SC : slot_of_thread(s) + 1;
}

static void *object(word slot)
{
        return cap_object(cnode_slots(thread[0]->slot[TCB_CSPACE].cap)[slot].cap);
}

void same_begin(struct thread *first)
{
        thread[0] = first;
        for (int i = 1; i < Q_THREADS; i++)
                thread[i] = object(slot_of_thread(i));
        for (int i = 0; i < Q_TIMES; i++)
                time_of[i] = object(slot_of_time(i));
}

struct sched_context *same_time(int sc)
{
        return time_of[sc];
}

static struct thread *kernel_thread(int t)
{
        return t == Q_NONE ? NULL : thread[t];
}

static struct sched_context *kernel_time(int s)
{
        return s == Q_NONE ? NULL : time_of[s];
}

static void same_queue(struct waitq *k, const struct q_list *m)
{
        struct thread *t = k->first;

        for (int i = 0; i < m->count; i++) {
                CHECK(t == thread[m->item[i]]);
                t = waitq_next(t);
        }
        CHECK(t == NULL);
}

static void same_ready(void)
{
        for (int p = 0; p < Q_PRIORITIES; p++) {
                struct thread *head = kernel.ready[0].head[p], *t = head;

                for (int i = 0; i < q.ready[p].count; i++) {
                        CHECK(t == thread[q.ready[p].item[i]]);
                        t = t->link.next;
                }
                CHECK(t == head);
                CHECK((head == NULL) == (q.ready[p].count == 0));
        }
}

static void same_thread(int i)
{
        static const uint8_t state[] = {
                [INACTIVE] = Q_INACTIVE,      [RUNNING] = Q_RUNNABLE,    [RESTARTING] = Q_RUNNABLE,
                [SENDING] = Q_SENDING,        [RECEIVING] = Q_RECEIVING, [LISTENING] = Q_LISTENING,
                [AWAITING_REPLY] = Q_AWAITING};
        const struct q_thread *m = &q.thread[i];
        const struct thread *k = thread[i];

        CHECK_EQUAL(state[k->state], m->state);
        CHECK_EQUAL(k->priority, m->priority);
        CHECK(k->sc == kernel_time(m->sc));
        CHECK(k->bound == (m->bound == Q_NONE ? NULL : object(SIGNAL + (word)m->bound)));
        if (m->state == Q_RECEIVING || m->state == Q_AWAITING)
                CHECK(k->reply == (m->reply == Q_NONE ? NULL : object(REPLY + (word)m->reply)));
}

static void same_stack(int s)
{
        const struct q_list *m = &q.time[s].lent;
        const struct reply *r = time_of[s]->reply;

        for (int i = m->count; i-- > 0; r = r->below)
                CHECK(r == object(REPLY + (word)m->item[i]));
        CHECK(r == NULL);
}

static void same_time_left(int s)
{
        const struct q_time *m = &q.time[s];
        const struct sched_context *k = time_of[s];

        CHECK_EQUAL(k->period, m->period);
        CHECK_EQUAL(k->budget, m->budget);
        CHECK_EQUAL(k->sporadic, m->sporadic);
        CHECK_EQUAL(k->count, m->count);
        for (int i = 0; i < m->count; i++) {
                const struct refill *r = &k->refill[(k->head + (uint32_t)i) % k->max];

                CHECK_EQUAL(r->amount, m->refill[i].amount);
                if (m->period)
                        CHECK_EQUAL(r->time, m->refill[i].time);
        }
        CHECK(k->notification == (m->signal == Q_NONE ? NULL : object(SIGNAL + (word)m->signal)));
}

/* Who waits for budget, and until when. */
static void same_waiting(void)
{
        const struct core *core = this_core();
        int waiting = 0;

        for (int i = 0; i < Q_THREADS; i++) {
                bool waits = false;

                for (int j = 0; j < q.waiting.count; j++)
                        waits |= q.waiting.item[j] == i;
                CHECK_EQUAL(thread[i]->in_release, waits);
                if (waits)
                        CHECK_EQUAL(thread[i]->release_time, q.time[q.thread[i].sc].refill[0].time);
                waiting += waits;
        }
        CHECK_EQUAL(waiting, q.waiting.count);
        CHECK(core->release == kernel_thread(waiting ? q.waiting.item[0] : Q_NONE));
        CHECK_EQUAL(core->overdue, q.overdue);
        if (!q.overdue) /* an early timer is harmless, a late one is not */
                CHECK(host_deadline() <= q_deadline());
}

static void same_signal(int i)
{
        const struct q_signal *m = &q.signal[i];
        struct notification *n = object(SIGNAL + (word)i);

        same_queue(&n->waiters, &m->queue);
        CHECK_EQUAL(n->raised, m->active);
        CHECK_EQUAL(n->flags, m->word);
        CHECK(n->bound == kernel_thread(m->bound));
        CHECK(n->sc == kernel_time(m->time));
}

void same_world(void)
{
        const struct core *core = this_core();

        CHECK(sim_current() == kernel_thread(q.current));
        CHECK(core->charged == kernel_time(q.charged));
        CHECK_EQUAL(core->charged ? arch_now() - core->since : 0, q.pending);
        for (int i = 0; i < Q_THREADS; i++)
                same_thread(i);
        for (int i = 0; i < Q_TIMES; i++) {
                same_stack(i);
                same_time_left(i);
        }
        same_ready();
        same_waiting();
        for (int i = 0; i < Q_ENDPOINTS; i++)
                same_queue(&((struct endpoint *)object(ENDPOINT + (word)i))->queue, &q.endpoint[i].queue);
        for (int i = 0; i < Q_SIGNALS; i++)
                same_signal(i);
        for (int i = 0; i < Q_REPLIES; i++)
                CHECK(((struct reply *)object(REPLY + (word)i))->thread == kernel_thread(q.reply[i].thread));
}
