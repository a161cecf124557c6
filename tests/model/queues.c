/* SPDX-License-Identifier: BSD-2-Clause */
/* See queues.h. */
#include "tests/model/turns.h"

struct q_world q;

void q_new(q_ticks now, q_ticks min)
{
        memset(&q, 0, sizeof(q));
        q.now = now;
        q.min = min;
        for (int i = 0; i < Q_REPLIES; i++)
                q.reply[i].thread = Q_NONE;
        for (int i = 0; i < Q_SIGNALS; i++)
                q.signal[i].bound = q.signal[i].time = Q_NONE;
        for (int i = 0; i < Q_TIMES; i++)
                q.time[i].holder = q.time[i].signal = Q_NONE;
        for (int i = 0; i < Q_THREADS; i++) {
                q.thread[i] = (struct q_thread){.priority = 1 + i % (Q_PRIORITIES - 1),
                                                .sc = i,
                                                .reply = Q_NONE,
                                                .place = Q_NONE,
                                                .bound = Q_NONE};
                q.time[i].holder = i;
        }
        q.thread[0].state = Q_RUNNABLE;
        q.thread[0].priority = Q_PRIORITIES - 1;
}

/* A notification's context goes to a thread without (ipc.md 10.2, 10.3), and comes back when that blocks at it (ipc.md 10.6). */
static void lend(int signal, int t)
{
        int sc = q.signal[signal].time;

        if (sc != Q_NONE && q.thread[t].sc == Q_NONE && q.time[sc].holder == Q_NONE)
                q_move_time(sc, t);
}

static void take_back(int signal, int t)
{
        if (q.signal[signal].time != Q_NONE && q.thread[t].sc == q.signal[signal].time)
                q_lose_time(t);
}

/* After every thread of equal or higher priority (ipc.md 5.1). */
static void join(struct q_list *l, int t)
{
        int at = 0;

        while (at < l->count && q.thread[l->item[at]].priority >= q.thread[t].priority)
                at++;
        q_insert(l, at, t);
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

/* The object leaves its stack, and all below it lose their way back; true: it was the top, whose context is *sc. */
static bool leave_stack(int reply, bool pop, int *sc)
{
        for (int s = 0; s < Q_TIMES; s++) {
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
                q_take_out(l, t);
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
                q_append(&q.time[sc].lent, reply);
                q_move_time(sc, callee);
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

        q_take_out(&e->queue, r);
        leave_reply(r);
        if (how.call)
                await(me, r, reply, how.grant);
        else if (how.donating && q.thread[r].sc == Q_NONE && q.thread[me].sc != Q_NONE)
                q_move_time(q.thread[me].sc, r);
        q.thread[r].state = Q_RUNNABLE;
        q_wake(r);
}

/* What was signalled, and time with it (ipc.md 10.3, 10.5). */
static void take(int signal, int t)
{
        q.signal[signal].active = false;
        q.signal[signal].word = 0;
        lend(signal, t);
        if (q.thread[t].sc != Q_NONE)
                q_count_from_now(q.thread[t].sc);
}

void q_do_receive(int endpoint, int reply, bool blocking)
{
        struct q_endpoint *e = &q.endpoint[endpoint];
        int me = q.current;

        if (reply != Q_NONE && q.reply[reply].thread != Q_NONE)
                cancel(q.reply[reply].thread);
        int bound = q.thread[me].bound;

        if (bound != Q_NONE && q.signal[bound].active) {
                take(bound, me);
                return;
        }
        if (bound != Q_NONE && blocking)
                take_back(bound, me);
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

        q_take_out(&e->queue, s);
        if (q.thread[s].call) {
                await(s, me, reply, q.thread[s].grant);
                if (q.thread[me].sc != Q_NONE)
                        q_count_from_now(q.thread[me].sc);
        } else {
                q.thread[s].state = Q_RUNNABLE;
                q_wake(s);
        }
}

/* The first waiter, or the bound thread while it receives (ipc.md 10.2). */
static int hearer_of(const struct q_signal *n)
{
        if (n->queue.count)
                return n->queue.item[0];
        if (!n->active && n->bound != Q_NONE && q.thread[n->bound].state == Q_RECEIVING)
                return n->bound;
        return Q_NONE;
}

void q_do_signal(int signal, unsigned long badge)
{
        struct q_signal *n = &q.signal[signal];
        int t = hearer_of(n);

        if (t == Q_NONE) {
                n->word = n->active ? n->word | badge : badge;
                n->active = true;
                return;
        }
        q_take_out(waits_in(t), t);
        leave_reply(t);
        q.thread[t].state = Q_RUNNABLE;
        lend(signal, t);
        q_wake(t);
}

void q_do_wait(int signal, bool blocking)
{
        if (q.signal[signal].active) {
                take(signal, q.current);
        } else if (blocking) {
                block(q.current, Q_LISTENING, signal);
                take_back(signal, q.current);
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
                q_move_time(sc, c);
        q.thread[c].state = Q_RUNNABLE;
        q_wake(c);
}

void q_do_suspend(int t)
{
        cancel(t);
        q_unqueue(t);
}

void q_do_resume(int t)
{
        if (q.thread[t].state == Q_RUNNABLE)
                return;
        cancel(t);
        q.thread[t].state = Q_RUNNABLE;
        q_wake(t);
}

/* scheduling.md 4, other positions */
void q_do_priority(int t, int priority)
{
        struct q_list *l = waits_in(t);

        if (l) {
                q_take_out(l, t);
                q.thread[t].priority = priority;
                join(l, t);
                return;
        }
        bool ready = q_take_out(&q.ready[q.thread[t].priority], t);

        q.thread[t].priority = priority; /* only recorded for one that waits for budget */
        q_entry.forced |= ready || t == q.current;
        if (ready)
                q_insert(&q.ready[priority], 0, t);
}

/* scheduling.md 12: UnbindObject and Bind; when refused, they change nothing. */
void q_do_unbind(int sc, int t)
{
        if (q.time[sc].holder == t && t != q.current)
                q_lose_time(t);
}

void q_do_bind(int sc, int t)
{
        enum q_state state = q.thread[t].state;

        if (q.time[sc].holder != Q_NONE || q.thread[t].sc != Q_NONE)
                return;
        if (state != Q_RUNNABLE && state != Q_INACTIVE && !q_is_usable(sc))
                return;
        q.time[sc].holder = t;
        q.thread[t].sc = sc;
        q_count_from_now(sc);
        if (state != Q_RUNNABLE)
                return;
        if (!q_is_usable(sc)) {
                q_wait_for_budget(t);
                return;
        }
        q_entry.forced = true;
        q_insert(&q.ready[q.thread[t].priority], 0, t);
}

void q_do_lend(int sc, int signal)
{
        if (q.time[sc].signal != Q_NONE || q.signal[signal].time != Q_NONE)
                return;
        q.time[sc].signal = signal;
        q.signal[signal].time = sc;
}

void q_do_take_back(int sc, int signal)
{
        if (q.signal[signal].time != sc)
                return;
        q.time[sc].signal = Q_NONE;
        q.signal[signal].time = Q_NONE;
}

/* ipc.md 10.4 */
void q_do_bind_signal(int signal, int t)
{
        struct q_signal *n = &q.signal[signal];

        if (q.thread[t].bound != Q_NONE || n->queue.count || n->bound != Q_NONE)
                return;
        n->bound = t;
        q.thread[t].bound = signal;
}

void q_do_unbind_signal(int t)
{
        if (q.thread[t].bound == Q_NONE)
                return;
        q.signal[q.thread[t].bound].bound = Q_NONE;
        q.thread[t].bound = Q_NONE;
}

/* scheduling.md 10 */
void q_do_yield(void)
{
        q_time_charge(&q.time[q.charged], q.time[q.charged].refill[0].amount, q.min);
        q.pending = 0;
        q_entry.settle = true;
        q_end_turn();
}
