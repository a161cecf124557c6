/* SPDX-License-Identifier: BSD-2-Clause */
/* The arithmetic of replenishments: worked examples, and random histories beside a second implementation.
 *
 * shows: SCH-24 SCH-25
 *
 * The model keeps a plain array and follows the text of scheduling.md 6 sentence by sentence.
 */
#include "core/state.h"
#include "tests/lib/test.h"
#include "time/clock.h"
#include "time/sched_context.h"

#include <stdlib.h>
#include <string.h>

enum {
        LIST_MAX = 400,
        SHORT_LIST = 26,
        MIN = 20,
        STEPS = 40,
        HISTORIES = 4000,
        LONG_HISTORIES = 100,
        LONG_STEPS = 900
};

static word memory[(sizeof(struct sched_context) + LIST_MAX * sizeof(struct refill)) / sizeof(word)];

static struct sched_context *fresh(word max, word budget, word period, word now)
{
        struct sched_context *s = (struct sched_context *)memory;

        clock_set_rate(62500000);
        kernel.clock_min = MIN;
        memset(memory, 0, sizeof memory);
        sc_refill_fresh(s, max, budget, period, now);
        return s;
}

static struct refill nth(const struct sched_context *s, word i)
{
        return s->refill[(s->head + i) % s->max];
}

static void expect(const struct sched_context *s, const char *list)
{
        word i = 0;

        for (; *list; i++) {
                char *rest;

                CHECK(i < s->count);
                CHECK_EQUAL(nth(s, i).time, strtoul(list, &rest, 10));
                CHECK_EQUAL(nth(s, i).amount, strtoul(rest + 1, &rest, 10));
                list = *rest ? rest + 1 : rest;
        }
        CHECK_EQUAL(s->count, i);
}

/* A history: c40 charges 40 ticks, a200 advances to 200, y yields. */
static void play(struct sched_context *s, const char *history)
{
        while (*history) {
                char what = *history++;
                char *rest = (char *)history;
                word n = what == 'y' ? sc_head(s)->amount : strtoul(history, &rest, 10);

                if (what == 'a')
                        sc_advance(s, n);
                else
                        sc_charge(s, n);
                history = *rest ? rest + 1 : rest;
        }
}

static void worked_examples(void)
{
        static const struct {
                word max;
                const char *history, *list;
        } row[] = {
                {2, "c40", "40:60 1000:40"},
                {2, "c40 c30", "70:30 1000:70"},
                {2, "c40 c30 c30", "1000:100"},
                {2, "c40 a200 c60", "1000:40 1200:60"},
                {2, "c40 a200 c60 a1000 c40", "1200:60 2000:40"},
                {2, "c40 a200 c20", "220:40 1160:60"},
                {4, "c40 a200 c20", "220:40 1000:40 1200:20"},
                {2, "c85", "985:100"},
                {2, "c250", "2050:50 3000:50"},
                {2, "c40 c90", "1030:70 2000:30"},
                {2, "c40 a950", "950:100"},
                {2, "c40 a1500", "1500:100"},
                {2, "y", "1000:100"},
                {2, "c40 a200 y", "1000:40 1200:60"},
        };

        for (word i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
                struct sched_context *s = fresh(row[i].max, 100, 1000, 0);

                play(s, row[i].history);
                expect(s, row[i].list);
        }
}

static void update_keeps_the_head_only(void)
{
        struct sched_context *s = fresh(4, 100, 1000, 0);

        play(s, "c40 a200 c20");
        sc_refill_update(s, 4, 30, 500, 300);
        expect(s, "300:30");
        s = fresh(2, 100, 1000, 0);
        play(s, "c40");
        sc_refill_update(s, 4, 80, 500, 300);
        expect(s, "300:60 800:20");
        s = fresh(2, 100, 1000, 0);
        play(s, "c100");
        sc_refill_update(s, 2, 150, 2000, 300);
        expect(s, "1000:100 3000:50");
}

static void round_robin_never_waits(void)
{
        struct sched_context *s = fresh(2, 100, 100, 7);

        CHECK(sc_is_round_robin(s));
        sc_charge(s, 30);
        CHECK_EQUAL(nth(s, 0).amount, 70);
        CHECK_EQUAL(nth(s, 1).amount, 30);
        sc_advance(s, 5000);
        CHECK_EQUAL(nth(s, 0).amount, 70);
        sc_charge(s, 50);
        CHECK_EQUAL(nth(s, 0).amount, 20);
        sc_charge(s, 1);
        CHECK_EQUAL(nth(s, 0).amount, 100);
        CHECK_EQUAL(nth(s, 1).amount, 0);
        sc_charge(s, 100000);
        CHECK_EQUAL(nth(s, 0).amount, 100);
}

static void the_farthest_time_does_not_wrap(void)
{
        word last = ~(word)0 - 5 * ticks_from_us(period_max_us());
        struct sched_context *s = fresh(2, 1000, ~(word)0 / 8, 0);

        for (word i = 0; i < 1000; i++) {
                word before = sc_head(s)->time;

                sc_charge(s, 1000);
                CHECK(sc_head(s)->time >= before);
                CHECK(before <= last || sc_head(s)->time == before);
        }
        CHECK(sc_head(s)->time > last);
}

/* --- the model --- */

struct model {
        word period, budget, max, count;
        struct refill list[LIST_MAX + 1];
};

static struct refill model_shift(struct model *m)
{
        struct refill head = m->list[0];

        m->count--;
        memmove(m->list, m->list + 1, m->count * sizeof m->list[0]);
        return head;
}

static void model_add(struct model *m, word t, word a)
{
        struct refill *tail = &m->list[m->count - 1];

        if (tail->time + tail->amount >= t)
                tail->amount += a;
        else if (m->count < m->max)
                m->list[m->count++] = (struct refill){t, a};
        else
                *tail = (struct refill){t - tail->amount, tail->amount + a};
}

static void model_charge(struct model *m, word x)
{
        while (m->list[0].amount <= x) {
                x -= m->list[0].amount;
                if (m->count == 1) {
                        m->list[0].time += m->period;
                        continue;
                }
                struct refill head = model_shift(m);
                model_add(m, head.time + m->period, head.amount);
        }
        if (x) {
                word t = m->list[0].time;

                m->list[0] = (struct refill){t + x, m->list[0].amount - x};
                model_add(m, t + m->period, x);
        }
        while (m->list[0].amount < MIN) {
                word a = model_shift(m).amount;

                m->list[0].amount += a;
                m->list[0].time -= a;
        }
}

static void model_advance(struct model *m, word now)
{
        if (m->list[0].time > now)
                return;
        m->list[0].time = now;
        while (m->count > 1 && m->list[1].time <= now + m->list[0].amount) {
                word gained = m->list[1].amount;

                m->list[1] = m->list[0];
                m->list[1].amount += gained;
                model_shift(m);
        }
}

static void model_update(struct model *m, word budget, word period, word now)
{
        m->count = 1;
        if (m->list[0].time <= now)
                m->list[0].time = now;
        if (m->list[0].amount >= budget)
                m->list[0].amount = budget;
        else
                m->list[m->count++] = (struct refill){m->list[0].time + period, budget - m->list[0].amount};
        m->budget = budget;
        m->period = period;
}

static void same(const struct sched_context *s, const struct model *m)
{
        word sum = 0;

        CHECK_EQUAL(s->count, m->count);
        CHECK(s->count >= 1 && s->count <= s->max && s->max == m->max);
        for (word i = 0; i < m->count; i++) {
                CHECK_EQUAL(nth(s, i).time, m->list[i].time);
                CHECK_EQUAL(nth(s, i).amount, m->list[i].amount);
                sum += nth(s, i).amount;
                if (i > 0)
                        CHECK(nth(s, i - 1).time + nth(s, i - 1).amount <= nth(s, i).time);
        }
        CHECK_EQUAL(sum, m->budget);
        CHECK(sc_head((struct sched_context *)(uintptr_t)s)->amount >= MIN);
}

static word random_below(word n)
{
        return (word)random() % n;
}

static void random_step(struct sched_context *s, struct model *m, word *now)
{
        *now += random_below(m->period);
        switch (random_below(8)) {
        case 0: {
                word budget = MIN + random_below(300), period = budget + 1 + random_below(2000);

                model_update(m, budget, period, *now);
                sc_refill_update(s, m->max, budget, period, *now);
                break;
        }
        case 1:
        case 2:
                model_advance(m, *now);
                sc_advance(s, *now);
                break;
        case 3: {
                word all = m->list[0].amount;

                model_charge(m, all);
                sc_charge(s, all);
                break;
        }
        default: {
                word x = random_below(random_below(4) ? m->budget / 3 + 1 : 3 * m->budget);

                model_charge(m, x);
                sc_charge(s, x);
        }
        }
}

static void random_histories(void)
{
        srandom(1);
        for (word h = 0; h < HISTORIES; h++) {
                word budget = MIN + random_below(500), period = budget + 1 + random_below(3000);
                word now = random_below(1000), max = 2 + random_below(SHORT_LIST - 1);
                struct sched_context *s = fresh(max, budget, period, now);
                struct model m = {period, budget, max, 1, {{now, budget}}};

                for (word i = 0; i < STEPS; i++) {
                        same(s, &m);
                        random_step(s, &m, &now);
                }
        }
}

static void catch_up(struct sched_context *s)
{
        while (s->behind)
                sc_catch_up(s);
}

static word seen_behind;

/* The list with all merged that is due is the model's.  One that is behind has lost REFILL_MERGES of them, and has room for one more. */
static void same_when_caught_up(const struct model *m)
{
        static word copy[sizeof(memory) / sizeof(word)];
        struct sched_context *s = (struct sched_context *)memory;

        seen_behind += s->behind;
        CHECK(!s->behind || s->count < s->max);
        memcpy(copy, memory, sizeof copy);
        catch_up(s);
        same(s, m);
        memcpy(memory, copy, sizeof copy);
}

/* Short bursts make many small refills, which come due together when the thread pauses: they are merged some at a time. */
static void long_lists_are_merged_in_steps(void)
{
        enum { BUDGET = 20000, PERIOD = 300000 };

        srandom(3);
        seen_behind = 0;
        for (word h = 0; h < LONG_HISTORIES; h++) {
                word now = 0, max = 100 + random_below(LIST_MAX - 100);
                struct sched_context *s = fresh(max, BUDGET, PERIOD, now);
                struct model m = {PERIOD, BUDGET, max, 1, {{now, BUDGET}}};

                for (word i = 0; i < LONG_STEPS; i++) {
                        word what = random_below(200), x = 1 + random_below(random_below(20) ? 50 : 3000);

                        now += what == 0 ? PERIOD : 60 + random_below(200);
                        model_advance(&m, now);
                        sc_advance(s, now);
                        same_when_caught_up(&m);
                        if (what == 1) { /* as Yield and Configure do */
                                catch_up(s);
                                x = sc_head(s)->amount;
                        }
                        model_charge(&m, x);
                        sc_charge(s, x);
                        same_when_caught_up(&m);
                }
        }
        CHECK(seen_behind > 100);
}

/* However it is used, no window of one period holds more than the budget (constant bandwidth). */
static void never_more_than_the_budget_in_a_period(void)
{
        enum { USES = 400, BUDGET = 200, PERIOD = 1000 };
        static struct refill use[USES];

        for (word h = 0; h < 200; h++) {
                word now = 0, n = 0;
                struct sched_context *s = fresh(2 + random_below(8), BUDGET, PERIOD, 0);

                while (n < USES) {
                        now = now > sc_head(s)->time ? now : sc_head(s)->time;
                        now += random_below(300);
                        sc_advance(s, now);
                        word x = 1 + random_below(sc_head(s)->amount);

                        use[n++] = (struct refill){now, x};
                        sc_charge(s, x);
                        now += x;
                }
                for (word i = 0; i < USES; i++) {
                        word sum = 0;

                        for (word k = i; k < USES && use[k].time + use[k].amount <= use[i].time + PERIOD; k++)
                                sum += use[k].amount;
                        CHECK(sum <= BUDGET);
                }
        }
}

const struct test sched_refill_tests[] = {
        {"sched: worked examples of charging", worked_examples},
        {"sched: long lists are merged in steps", long_lists_are_merged_in_steps},
        {"sched: an update keeps the head only", update_keeps_the_head_only},
        {"sched: round robin never waits", round_robin_never_waits},
        {"sched: the farthest time does not wrap", the_farthest_time_does_not_wrap},
        {"sched: random histories beside a model", random_histories},
        {"sched: never more than the budget in a period", never_more_than_the_budget_in_a_period},
        {NULL, NULL},
};
