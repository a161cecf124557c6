/* SPDX-License-Identifier: BSD-2-Clause */
/* See turns.h and queues.h. */
#include "tests/model/turns.h"

struct q_entry q_entry;

bool q_has_time(int t)
{
        return q.thread[t].state == Q_RUNNABLE && q.thread[t].sc != Q_NONE;
}

bool q_is_usable(int sc)
{
        return q_time_is_usable(&q.time[sc], q.now);
}

static bool eligible(int t)
{
        return q_has_time(t) && q_is_usable(q.thread[t].sc);
}

void q_wait_for_budget(int t)
{
        struct q_list *l = &q.waiting;
        q_ticks time = q.time[q.thread[t].sc].refill[0].time;
        int at = 0;

        while (at < l->count && q.time[q.thread[l->item[at]].sc].refill[0].time <= time)
                at++;
        q_insert(l, at, t);
        q_entry.settle |= at == 0;
}

static void no_longer_waits(int t)
{
        q_entry.settle |= q.waiting.count && q.waiting.item[0] == t;
        q_take_out(&q.waiting, t);
}

/* Leaves every queue of runnable threads; returns whether it was ready. */
bool q_unqueue(int t)
{
        bool ready = false, woken = q_take_out(&q_entry.woken, t);

        for (int p = 0; p < Q_PRIORITIES; p++)
                ready |= q_take_out(&q.ready[p], t);
        no_longer_waits(t);
        q_entry.forced |= woken;
        return ready || woken;
}

/* A sporadic context whose thread becomes runnable counts from now (scheduling.md 7). */
void q_count_from_now(int sc)
{
        if (!q.time[sc].sporadic || sc == q.charged)
                return;
        q_time_advance(&q.time[sc], q.now);
        q_entry.settle = true;
}

/* It has become eligible, or waits for that. */
static void find_place(int t)
{
        if (q_is_usable(q.thread[t].sc))
                q_append(&q_entry.woken, t);
        else
                q_wait_for_budget(t);
}

void q_wake(int t)
{
        if (!q_has_time(t))
                return;
        q_count_from_now(q.thread[t].sc);
        if (t != q.current)
                find_place(t);
}

void q_lose_time(int t)
{
        q_unqueue(t);
        q.time[q.thread[t].sc].holder = Q_NONE;
        q.thread[t].sc = Q_NONE;
        q_entry.forced |= t == q.current;
}

/* The scheduling context of `from` (or one that nobody holds) moves. */
void q_move_time(int sc, int to)
{
        int from = q.time[sc].holder;

        if (from != Q_NONE)
                q_lose_time(from);
        q.time[sc].holder = to;
        q.thread[to].sc = sc;
}

static void put(int t, bool head)
{
        struct q_list *l = &q.ready[q.thread[t].priority];

        q_insert(l, head ? 0 : l->count, t);
}

/* After its equals, or waiting for budget (scheduling.md 9). */
void q_end_turn(void)
{
        q_entry.turn_over = q_entry.forced = true;
        if (eligible(q.current))
                put(q.current, false);
        else
                q_wait_for_budget(q.current);
}

static void settle(void)
{
        if (q.charged != Q_NONE && q.pending)
                q_time_charge(&q.time[q.charged], q.pending, q.min);
        q.pending = 0;
}

/* A new timestamp; false: less than MIN would be left of the context that pays (scheduling.md 8.2). */
static bool account(q_ticks now)
{
        memset(&q_entry, 0, sizeof(q_entry));
        if (q.charged != Q_NONE)
                q.pending += now - q.now;
        q.now = now;
        return q.charged == Q_NONE || q_time_has(&q.time[q.charged], q.pending + q.min);
}

static void expire(void)
{
        settle();
        q_entry.settle = true;
        q_end_turn();
}

bool q_begin(q_ticks now)
{
        if (account(now))
                return true;
        expire();
        return false;
}

static q_ticks first_release(void)
{
        return q.time[q.thread[q.waiting.item[0]].sc].refill[0].time;
}

static bool something_due(void)
{
        return q.waiting.count && first_release() <= q.now;
}

/* Those whose budget has come, earliest first; a sporadic context is not advanced by that.  Eight at a time where somebody else
 * waits to run already (docs/bounded.md). */
static void release(void)
{
        bool someone = q_entry.forced || q_entry.woken.count;

        q.overdue = false;
        for (int n = 1; something_due(); n++) {
                int t = q.waiting.item[0];

                no_longer_waits(t);
                find_place(t);
                q.overdue = someone && n % 8 == 0 && something_due();
                if (q.overdue)
                        return;
        }
}

static void choose_next(void)
{
        q.current = Q_NONE;
        for (int p = Q_PRIORITIES - 1; p >= 0 && q.current == Q_NONE; p--) {
                if (q.ready[p].count == 0)
                        continue;
                q.current = q.ready[p].item[0];
                q_take_out(&q.ready[p], q.current);
        }
}

/* The running thread pays: a context of constant bandwidth counts from its dispatch (scheduling.md 7). */
static void pay(void)
{
        int next = q.current == Q_NONE ? Q_NONE : q.thread[q.current].sc;

        if (next == q.charged && !q_entry.settle)
                return;
        if (next != q.charged && next != Q_NONE && !q.time[next].sporadic)
                q_time_advance(&q.time[next], q.now);
        settle();
        q.charged = next;
}

/* The wake rule, then the choice. */
void q_end(void)
{
        int c = q.current;

        release();
        bool goes_on = c != Q_NONE && !q_entry.turn_over && eligible(c);
        const struct q_list *w = &q_entry.woken;
        bool polite = w->count == 1 && !q_entry.forced && goes_on &&
                      q.thread[w->item[0]].priority == q.thread[c].priority;

        if (c != Q_NONE && !q_entry.turn_over && !goes_on && q_has_time(c))
                q_wait_for_budget(c);
        for (int i = 0; i < w->count; i++)
                put(w->item[i], !polite);
        if (goes_on)
                put(c, true);
        choose_next();
        pay();
}

void q_interrupt(q_ticks now)
{
        if (!account(now))
                expire();
        q_entry.settle = true;
        q_end();
}

void q_use_up(int sc)
{
        q_time_charge(&q.time[sc], q.time[sc].refill[0].amount, q.min);
}

q_ticks q_left(q_ticks now)
{
        const struct q_time *s = &q.time[q.charged];
        q_ticks used = q.pending + now - q.now + q.min;

        return q_time_has(s, used) ? s->refill[0].amount - used : 0;
}

q_ticks q_deadline(void)
{
        q_ticks end = ~0ul;

        if (q.charged != Q_NONE)
                end = q.now - q.pending + q.time[q.charged].refill[0].amount;
        if (q.waiting.count && first_release() < end)
                end = first_release();
        return end;
}
