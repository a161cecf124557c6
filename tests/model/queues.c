/* SPDX-License-Identifier: BSD-2-Clause */
/* See queues.h. */
#include "tests/model/queues.h"

#include <string.h>

struct q_world q;

static struct {
        struct q_list woken;
        bool forced, yielded;
} entry;

static void insert(struct q_list *l, int at, int item)
{
        memmove(&l->item[at + 1], &l->item[at], (unsigned long)(l->count - at) * sizeof(int));
        l->item[at] = item;
        l->count++;
}

static bool take_out(struct q_list *l, int item)
{
        for (int i = 0; i < l->count; i++) {
                if (l->item[i] != item)
                        continue;
                l->count--;
                memmove(&l->item[i], &l->item[i + 1], (unsigned long)(l->count - i) * sizeof(int));
                return true;
        }
        return false;
}

static void append(struct q_list *l, int item)
{
        insert(l, l->count, item);
}

void q_new(int passive)
{
        memset(&q, 0, sizeof(q));
        for (int i = 0; i < Q_REPLIES; i++)
                q.reply[i].thread = Q_NONE;
        for (int i = 0; i < Q_THREADS; i++) {
                q.thread[i] = (struct q_thread){.priority = 1 + i % (Q_PRIORITIES - 1),
                                                .sc = i < passive ? i : Q_NONE,
                                                .reply = Q_NONE,
                                                .place = Q_NONE};
                q.time[i].holder = q.thread[i].sc;
        }
        q.thread[0].state = Q_RUNNABLE;
        q.thread[0].priority = Q_PRIORITIES - 1;
}

static bool eligible(int t)
{
        return q.thread[t].state == Q_RUNNABLE && q.thread[t].sc != Q_NONE;
}

static void unqueue(int t)
{
        for (int p = 0; p < Q_PRIORITIES; p++)
                take_out(&q.ready[p], t);
        take_out(&entry.woken, t);
}

static void wake(int t)
{
        if (eligible(t) && t != q.current)
                append(&entry.woken, t);
}

/* The scheduling context of `from` (or one that nobody holds) moves. */
static void move_time(int sc, int to)
{
        int from = q.time[sc].holder;

        if (from != Q_NONE) {
                q.thread[from].sc = Q_NONE;
                unqueue(from);
        }
        q.time[sc].holder = to;
        q.thread[to].sc = sc;
}

/* Behind every thread of equal or higher priority (ipc.md 5.1). */
static void join(struct q_list *l, int t)
{
        int at = 0;

        while (at < l->count && q.thread[l->item[at]].priority >= q.thread[t].priority)
                at++;
        insert(l, at, t);
}

static struct q_list *waits_in(int t)
{
        const struct q_thread *x = &q.thread[t];

        if (x->state == Q_SENDING || x->state == Q_RECEIVING)
                return &q.endpoint[x->place].queue;
        return x->state == Q_LISTENING ? &q.signal[x->place].queue : (struct q_list *)0;
}

static void leave_reply(int t)
{
        if (q.thread[t].reply != Q_NONE)
                q.reply[q.thread[t].reply].thread = Q_NONE;
        q.thread[t].reply = Q_NONE;
}

/* The object leaves its stack, and all below it lose the way back; true: it was the top, whose context is *sc. */
static bool leave_stack(int reply, bool pop, int *sc)
{
        for (int s = 0; s < Q_THREADS; s++) {
                struct q_list *l = &q.time[s].lent;

                for (int i = 0; i < l->count; i++) {
                        if (l->item[i] != reply)
                                continue;
                        *sc = s;
                        if (i == l->count - 1 && pop) {
                                l->count--;
                                return true;
                        }
                        memmove(&l->item[0], &l->item[i + 1],
                                (unsigned long)(l->count - i - 1) * sizeof(int));
                        l->count -= i + 1;
                        return false;
                }
        }
        return false;
}

/* ipc.md 14.1 */
static void cancel(int t)
{
        struct q_list *l = waits_in(t);
        int sc;

        if (l)
                take_out(l, t);
        if (q.thread[t].state == Q_AWAITING)
                leave_stack(q.thread[t].reply, false, &sc);
        leave_reply(t);
        q.thread[t].state = Q_INACTIVE;
}

static void block(int t, enum q_state state, int place)
{
        q.thread[t].state = state;
        q.thread[t].place = place;
        join(waits_in(t), t);
}

/* Sender and receiver have met: what becomes of a caller (ipc.md 5.2 step 3, 9). */
static void await(int caller, int callee, int reply, bool grant)
{
        if (reply == Q_NONE || !grant) {
                q.thread[caller].state = Q_INACTIVE;
                return;
        }
        q.thread[caller].state = Q_AWAITING;
        q.thread[caller].reply = reply;
        q.reply[reply].thread = caller;
        int sc = q.thread[caller].sc;
        if (sc != Q_NONE && q.thread[callee].sc == Q_NONE) {
                append(&q.time[sc].lent, reply);
                move_time(sc, callee);
        }
}

void q_do_send(struct q_send how)
{
        struct q_endpoint *e = &q.endpoint[how.endpoint];
        int me = q.current;

        if (e->queue.count == 0 || e->senders) {
                if (!how.blocking)
                        return;
                e->senders = true;
                q.thread[me].call = how.call;
                q.thread[me].grant = how.grant;
                block(me, Q_SENDING, how.endpoint);
                return;
        }
        int r = e->queue.item[0], reply = q.thread[r].reply;

        take_out(&e->queue, r);
        leave_reply(r);
        if (how.call)
                await(me, r, reply, how.grant);
        else if (how.donating && q.thread[r].sc == Q_NONE && q.thread[me].sc != Q_NONE)
                move_time(q.thread[me].sc, r);
        q.thread[r].state = Q_RUNNABLE;
        wake(r);
}

void q_do_receive(int endpoint, int reply, bool blocking)
{
        struct q_endpoint *e = &q.endpoint[endpoint];
        int me = q.current;

        if (reply != Q_NONE && q.reply[reply].thread != Q_NONE)
                cancel(q.reply[reply].thread);
        if (e->queue.count == 0 || !e->senders) {
                if (!blocking)
                        return;
                e->senders = false;
                q.thread[me].reply = reply;
                if (reply != Q_NONE)
                        q.reply[reply].thread = me;
                block(me, Q_RECEIVING, endpoint);
                return;
        }
        int s = e->queue.item[0];

        take_out(&e->queue, s);
        if (q.thread[s].call) {
                await(s, me, reply, q.thread[s].grant);
        } else {
                q.thread[s].state = Q_RUNNABLE;
                wake(s);
        }
}

void q_do_signal(int signal, unsigned long badge)
{
        struct q_signal *n = &q.signal[signal];

        if (n->queue.count == 0) {
                n->word = n->active ? n->word | badge : badge;
                n->active = true;
                return;
        }
        int t = n->queue.item[0];

        take_out(&n->queue, t);
        q.thread[t].state = Q_RUNNABLE;
        wake(t);
}

void q_do_wait(int signal, bool blocking)
{
        struct q_signal *n = &q.signal[signal];

        if (n->active) {
                n->active = false;
                n->word = 0;
        } else if (blocking) {
                block(q.current, Q_LISTENING, signal);
        }
}

/* ipc.md 8.4 */
void q_do_reply(int reply)
{
        int c = q.reply[reply].thread, sc = Q_NONE;

        if (c == Q_NONE || q.thread[c].state != Q_AWAITING)
                return;
        leave_reply(c);
        if (leave_stack(reply, true, &sc) && q.thread[c].sc == Q_NONE)
                move_time(sc, c);
        q.thread[c].state = Q_RUNNABLE;
        wake(c);
}

void q_do_suspend(int t)
{
        cancel(t);
        unqueue(t);
}

void q_do_resume(int t)
{
        if (q.thread[t].state == Q_RUNNABLE)
                return;
        cancel(t);
        q.thread[t].state = Q_RUNNABLE;
        wake(t);
}

/* scheduling.md 4, other positions */
void q_do_priority(int t, int priority)
{
        struct q_list *l = waits_in(t);

        if (l)
                take_out(l, t);
        unqueue(t);
        q.thread[t].priority = priority;
        if (l)
                join(l, t);
        if (!eligible(t))
                return;
        entry.forced = true;
        if (t != q.current)
                insert(&q.ready[priority], 0, t);
}

/* scheduling.md 12: UnbindObject and Bind; refused, they change nothing. */
void q_do_unbind(int sc, int t)
{
        if (q.time[sc].holder != t || t == q.current)
                return;
        q.time[sc].holder = Q_NONE;
        q.thread[t].sc = Q_NONE;
        unqueue(t);
}

void q_do_bind(int sc, int t)
{
        if (q.time[sc].holder != Q_NONE || q.thread[t].sc != Q_NONE)
                return;
        q.time[sc].holder = t;
        q.thread[t].sc = sc;
        if (!eligible(t))
                return;
        entry.forced = true;
        insert(&q.ready[q.thread[t].priority], 0, t);
}

void q_do_yield(void)
{
        entry.yielded = true;
}

void q_begin(void)
{
        memset(&entry, 0, sizeof(entry));
}

static void put(int t, bool head)
{
        struct q_list *l = &q.ready[q.thread[t].priority];

        insert(l, head ? 0 : l->count, t);
}

/* The wake rule, then the choice. */
void q_end(void)
{
        int c = q.current;
        bool goes_on = c != Q_NONE && eligible(c) && !entry.yielded;
        const struct q_list *w = &entry.woken;

        if (entry.yielded)
                put(c, false);
        bool polite = w->count == 1 && !entry.forced && goes_on &&
                      q.thread[w->item[0]].priority == q.thread[c].priority;
        for (int i = 0; i < w->count; i++)
                put(w->item[i], !polite);
        if (goes_on)
                put(c, true);
        q.current = Q_NONE;
        for (int p = Q_PRIORITIES - 1; p >= 0 && q.current == Q_NONE; p--) {
                if (q.ready[p].count == 0)
                        continue;
                q.current = q.ready[p].item[0];
                take_out(&q.ready[p], q.current);
        }
}
