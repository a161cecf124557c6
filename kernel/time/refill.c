/* SPDX-License-Identifier: BSD-2-Clause */
/* The arithmetic of replenishments (spec scheduling.md 6): pure functions over one scheduling context.
 *
 * Invariants: 1 <= count <= max; amounts add up to the budget; time + amount <= next time.  A round-robin context
 * keeps the rest of its slice in the first of its two places and what is used in the second.
 *
 * What the list says: from `time` on, `amount` may be used.  Whoever uses x ticks of the head at time t gets x ticks back at
 * t + period, never sooner.  Charging moves budget along the list:
 *
 *      head (100, 40)   budget 40, period 1000; 15 are used from 100 on
 *      head (115, 25)   the rest can be used from where the first part ended
 *      (1100, 15)       what was used comes back a period after it was used
 *
 * A list has `max` places, so what comes back does not always get one of its own: it joins the tail when the two touch, and
 * when the list is full the tail is delayed until it touches (`add`).  Delay is the safe side: it loses budget, and never
 * grants it twice.  A head that is too small to run with (below budget_min) joins the next one in the same spirit, its time
 * moved to where the sum still ends at the same moment.
 *
 * Used time can be more than the head holds, since the kernel looks at the clock at entries only.  Each entry of the list that
 * is used up whole moves by a period (the loop in charge_periodic), and the time of the head may then lie in the future:
 * that is how a thread that ran too long waits longer.
 */
#include "core/panic.h"
#include "time/clock.h"
#include "time/sched_context.h"

static struct refill *at(struct sched_context *s, uint32_t i)
{
        uint32_t n = s->head + i;

        return &s->refill[n < s->max ? n : n - s->max];
}

/* The list while it is worked on, in registers: its two ends and its length. */
struct list {
        struct refill *head, *last, *first, *end;
        uint32_t count, max;
};

static inline struct list list_of(struct sched_context *s)
{
        return (struct list){sc_head(s), at(s, s->count - 1), s->refill, &s->refill[s->max], s->count,
                             s->max};
}

static inline void put_back(struct sched_context *s, const struct list *l)
{
        s->head = (uint32_t)(l->head - l->first);
        s->count = l->count;
}

static inline struct refill *behind(const struct list *l, struct refill *r)
{
        return r + 1 < l->end ? r + 1 : l->first;
}

/* The head is dropped, of at least two. */
static inline void drop(struct list *l)
{
        l->head = behind(l, l->head);
        l->count--;
}

/* Budget that was used comes back at `time`; a full list delays its tail instead of growing. */
static inline void add(struct list *l, word time, word amount)
{
        struct refill *last = l->last;

        if (last->time + last->amount >= time) {
                last->amount += amount;
        } else if (l->count < l->max) {
                l->last = behind(l, last);
                *l->last = (struct refill){time, amount};
                l->count++;
        } else {
                last->time = time - last->amount;
                last->amount += amount;
        }
}

void sc_refill_fresh(struct sched_context *s, word max, word budget, word period, word now)
{
        s->budget = budget;
        s->period = budget == period ? 0 : period;
        s->max = s->period ? (uint32_t)max : 2;
        s->head = 0;
        s->behind = 0;
        s->count = s->period ? 1 : 2;
        s->refill[0] = (struct refill){now, budget};
        s->refill[1] = (struct refill){now, 0};
}

void sc_refill_update(struct sched_context *s, word max, word budget, word period, word now)
{
        struct refill head = *sc_head(s);

        if (head.time <= now)
                head.time = now;
        s->budget = budget;
        s->period = period;
        s->max = (uint32_t)max;
        s->head = 0;
        s->behind = 0;
        s->count = 1;
        head.amount = min_word(head.amount, budget);
        s->refill[0] = head;
        if (head.amount == budget)
                return;
        struct list l = list_of(s);
        add(&l, head.time + period, budget - head.amount);
        put_back(s, &l);
}

static void charge_round_robin(struct sched_context *s, word ticks)
{
        struct refill *left = &s->refill[0], *used = &s->refill[1];

        if (ticks > left->amount || left->amount - ticks < budget_min()) {
                sc_begin_slice(s);
        } else {
                left->amount -= ticks;
                used->amount += ticks;
        }
}

static bool second_is_due(struct sched_context *s)
{
        return s->count > 1 && at(s, 1)->time <= sc_head(s)->time + sc_head(s)->amount;
}

void sc_catch_up(struct sched_context *s)
{
        for (word i = 0; i < REFILL_MERGES && second_is_due(s); i++) {
                struct refill *head = sc_head(s), *next = at(s, 1);

                next->amount += head->amount;
                next->time = head->time;
                s->head = (uint32_t)(next - s->refill);
                s->count--;
        }
        s->behind = second_is_due(s);
}

/* A list that is behind must go on when its head is used up.  It has a place for what comes back: whoever made it so has merged
 * REFILL_MERGES refills, and until the next one does, all that is used touches what was used before and comes back with it. */
static __attribute__((noinline)) void catch_up_for(struct sched_context *s, word ticks)
{
        while (s->behind && sc_head(s)->amount < ticks)
                sc_catch_up(s);
        ASSERT(!s->behind || s->count < s->max);
}

/* The same as charge_list in the commonest case: two places, and none behind.  All of it in registers. */
static inline void charge_in_two(struct sched_context *s, word ticks)
{
        struct refill head = *sc_head(s), other = s->refill[s->head ^ 1];
        word period = s->period;
        bool two = s->count == 2;

        while (head.amount <= ticks && head.time <= kernel.refill_last) {
                struct refill used = {head.time + period, head.amount};

                ticks -= used.amount;
                if (!two) {
                        head.time = used.time;
                        continue;
                }
                head = other;
                two = head.time + head.amount < used.time;
                if (two)
                        other = used;
                else
                        head.amount += used.amount;
        }
        if (ticks > 0 && head.amount > ticks) {
                word due = head.time + period;

                head.time += ticks;
                head.amount -= ticks;
                if (!two)
                        other = (struct refill){due, 0};
                else if (other.time + other.amount < due)
                        other.time = due - other.amount;
                other.amount += ticks;
                two = true;
        }
        if (two && head.amount < budget_min()) {
                other.amount += head.amount;
                other.time -= head.amount;
                head = other;
                two = false;
        }
        s->head = 0;
        s->count = 1 + two;
        s->refill[0] = head;
        s->refill[1] = other;
}

static __attribute__((cold, noinline)) void charge_list(struct sched_context *s, word ticks)
{
        const word min = budget_min();

        if (rarely(s->behind != 0))
                catch_up_for(s, ticks + min);
        struct list l = list_of(s);
        while (l.head->amount <= ticks && l.head->time <= kernel.refill_last) {
                struct refill used = *l.head;

                ticks -= used.amount;
                if (l.count == 1) {
                        l.head->time += s->period;
                } else {
                        drop(&l);
                        add(&l, used.time + s->period, used.amount);
                }
        }
        if (ticks > 0 && l.head->amount > ticks) {
                word due = l.head->time + s->period;

                l.head->time += ticks;
                l.head->amount -= ticks;
                add(&l, due, ticks);
        }
        while (l.head->amount < min && l.count > 1) {
                struct refill rest = *l.head;

                drop(&l);
                l.head->amount += rest.amount;
                l.head->time -= rest.amount;
        }
        put_back(s, &l);
}

void sc_charge(struct sched_context *s, word ticks)
{
        if (sc_is_round_robin(s))
                charge_round_robin(s, ticks);
        else if (s->max == 2 && !s->behind)
                charge_in_two(s, ticks);
        else
                charge_list(s, ticks);
}

void sc_advance(struct sched_context *s, word now)
{
        if (sc_is_round_robin(s) || sc_head(s)->time > now)
                return;
        sc_head(s)->time = now;
        sc_catch_up(s);
}

bool sc_has_budget(struct sched_context *s, word unpaid)
{
        word amount = sc_head(s)->amount;

        return amount >= unpaid && amount - unpaid >= budget_min();
}
