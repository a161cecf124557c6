/* SPDX-License-Identifier: BSD-2-Clause */
/* See times.h. */
#include "tests/model/times.h"

void q_time_fresh(struct q_time *s, q_ticks budget, q_ticks period, int max, q_ticks now)
{
        s->budget = budget;
        s->period = budget == period ? 0 : period;
        s->max = s->period ? max : 2;
        s->count = s->period ? 1 : 2;
        s->refill[0].time = now;
        s->refill[0].amount = budget;
        s->refill[1].time = now;
        s->refill[1].amount = 0;
}

bool q_time_is_usable(const struct q_time *s, q_ticks now)
{
        return s->period == 0 || s->refill[0].time <= now;
}

bool q_time_has(const struct q_time *s, q_ticks ticks)
{
        return s->refill[0].amount >= ticks;
}

static void remove_head(struct q_time *s)
{
        s->count--;
        memmove(&s->refill[0], &s->refill[1], (unsigned long)s->count * sizeof(s->refill[0]));
}

static void add(struct q_time *s, q_ticks time, q_ticks amount)
{
        int tail = s->count - 1;

        if (s->refill[tail].time + s->refill[tail].amount >= time) {
                s->refill[tail].amount += amount;
        } else if (s->count < s->max) {
                s->refill[s->count].time = time;
                s->refill[s->count].amount = amount;
                s->count++;
        } else {
                s->refill[tail].time = time - s->refill[tail].amount;
                s->refill[tail].amount += amount;
        }
}

static void charge_slice(struct q_time *s, q_ticks ticks, q_ticks min)
{
        q_ticks left = s->refill[0].amount;

        if (left < ticks + min) {
                s->refill[0].amount = s->budget;
                s->refill[1].amount = 0;
        } else {
                s->refill[0].amount -= ticks;
                s->refill[1].amount += ticks;
        }
}

void q_time_charge(struct q_time *s, q_ticks ticks, q_ticks min)
{
        if (s->period == 0) {
                charge_slice(s, ticks, min);
                return;
        }
        while (s->refill[0].amount <= ticks) {
                q_ticks time = s->refill[0].time, amount = s->refill[0].amount;

                ticks -= amount;
                if (s->count == 1) {
                        s->refill[0].time += s->period;
                        continue;
                }
                remove_head(s);
                add(s, time + s->period, amount);
        }
        if (ticks > 0) {
                q_ticks time = s->refill[0].time;

                s->refill[0].time += ticks;
                s->refill[0].amount -= ticks;
                add(s, time + s->period, ticks);
        }
        while (s->refill[0].amount < min) {
                q_ticks rest = s->refill[0].amount;

                remove_head(s);
                s->refill[0].amount += rest;
                s->refill[0].time -= rest;
        }
}

void q_time_advance(struct q_time *s, q_ticks now)
{
        if (s->period == 0 || s->refill[0].time > now)
                return;
        s->refill[0].time = now;
        while (s->count > 1 && s->refill[1].time <= s->refill[0].time + s->refill[0].amount) {
                q_ticks amount = s->refill[0].amount;

                remove_head(s);
                s->refill[0].amount += amount;
                s->refill[0].time = now;
        }
}
