/* SPDX-License-Identifier: BSD-2-Clause */
/* The arithmetic of replenishments (spec scheduling.md 6): pure functions over one scheduling context.
 *
 * Invariants: 1 <= count <= max; amounts add up to the budget; time + amount <= next time.  A round-robin context
 * keeps the rest of its slice in the first of its two places and what is used in the second.
 */
#include "core/panic.h"
#include "thread/clock.h"
#include "thread/sched_context.h"

static struct refill *at(struct sched_context *s, uint32_t i)
{
        uint32_t n = s->head + i;

        return &s->refill[n < s->max ? n : n - s->max];
}

static struct refill pop(struct sched_context *s)
{
        struct refill head = *sc_head(s);

        MUST(s->count > 1);
        s->head = s->head + 1 < s->max ? s->head + 1 : 0;
        s->count--;
        return head;
}

/* Budget that was used comes back at `time`; a full list delays its tail instead of growing. */
static void add(struct sched_context *s, word time, word amount)
{
        if (rarely(s->behind != 0) && s->count == s->max)
                sc_catch_up(s);
        uint32_t count = s->count, max = s->max;
        struct refill *last = at(s, count - 1);

        if (last->time + last->amount < time) {
                if (count < max) {
                        s->count = count + 1;
                        *at(s, count) = (struct refill){time, amount};
                        return;
                }
                last->time = time - last->amount;
        }
        last->amount += amount;
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
        if (head.amount < budget)
                add(s, head.time + period, budget - head.amount);
}

static void charge_round_robin(struct sched_context *s, word ticks)
{
        struct refill *left = &s->refill[0], *used = &s->refill[1];

        if (ticks > left->amount || left->amount - ticks < budget_min()) {
                left->amount = s->budget;
                used->amount = 0;
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
                struct refill head = pop(s);

                sc_head(s)->amount += head.amount;
                sc_head(s)->time = head.time;
        }
        s->behind = second_is_due(s);
}

static void charge_periodic(struct sched_context *s, word ticks)
{
        const word min = budget_min();
        struct refill *head = sc_head(s);

        while (rarely(s->behind != 0) && head->amount < ticks + min) {
                sc_catch_up(s);
                head = sc_head(s);
        }
        while (head->amount <= ticks && head->time <= kernel.refill_last) {
                ticks -= head->amount;
                if (s->count == 1) {
                        head->time += s->period;
                } else {
                        struct refill used = pop(s);

                        add(s, used.time + s->period, used.amount);
                        head = sc_head(s);
                }
        }
        if (ticks > 0 && head->amount > ticks) {
                word due = head->time + s->period;

                head->time += ticks;
                head->amount -= ticks;
                add(s, due, ticks);
        }
        while (head->amount < min && s->count > 1) {
                struct refill rest = pop(s);

                head = sc_head(s);
                head->amount += rest.amount;
                head->time -= rest.amount;
        }
}

void sc_charge(struct sched_context *s, word ticks)
{
        if (sc_is_round_robin(s))
                charge_round_robin(s, ticks);
        else
                charge_periodic(s, ticks);
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
