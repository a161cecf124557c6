/* SPDX-License-Identifier: BSD-2-Clause */
/* See timers.h. */
#include "os/process/timers.h"
#include "os/process/signal_parts.h"
#include "sos/clock.h"

static struct timer timers[TIMERS];

struct timer *timer_make(struct process *p)
{
        struct process *l = p->leader;
        struct timer **at = &l->timers;
        int id = 0;

        for (; *at && (*at)->id == id; id++)
                at = &(*at)->next; /* the list is in the order of numbers */
        for (unsigned i = 0; i < TIMERS; i++) {
                if (timers[i].leader)
                        continue;
                timers[i] = (struct timer){.leader = l, .next = *at, .id = id};
                *at = &timers[i];
                return &timers[i];
        }
        return NULL;
}

struct timer *timer_find(const struct process *p, int id)
{
        struct timer *t = p->leader->timers;

        while (t && t->id != id)
                t = t->next;
        return t;
}

void timer_set(struct timer *t, uint64_t at, uint64_t interval_us)
{
        t->interval_us = interval_us;
        t->missed = t->missed_before = 0;
        alarm_set(&t->alarm, &t->leader->call.waiter, at);
}

void timer_delete(struct timer *t)
{
        struct timer **at = &t->leader->timers;

        while (*at != t)
                at = &(*at)->next;
        *at = t->next;
        alarm_set(&t->alarm, NULL, 0);
        t->leader = NULL;
}

void timers_drop(struct process *leader)
{
        while (leader->timers)
                timer_delete(leader->timers);
}

/* Its signal was sent and has not been taken yet. */
static bool is_pending(const struct timer *t)
{
        const struct process *l = t->leader;

        return (t->thread ? t->thread->signals.pending : l->signals.common) & signal_flag(t->signal);
}

unsigned timer_missed(const struct timer *t)
{
        return t->signal && is_pending(t) ? t->missed_before : t->missed;
}

static void tell(struct timer *t, uint64_t times)
{
        struct process *to = t->thread ? t->thread : t->leader;
        struct signal_cause cause = {.signal = t->signal, .code = SENT_BY_TIMER, .value = t->value};

        if (!t->signal)
                return;
        if (is_pending(t)) {
                t->missed += (unsigned)times;
                return;
        }
        t->missed_before = t->missed;
        t->missed = (unsigned)times - 1;
        cause.address = (unsigned)t->id | (seL4_Word)t->missed << 32;
        signal_send_cause(to, &cause, t->thread != NULL);
}

void timers_ring(struct process *leader)
{
        uint64_t now = clock_us();

        for (struct timer *t = leader->timers, *next; t; t = next) {
                uint64_t late = now - t->alarm.at, times = 1;

                next = t->next;
                if (!t->alarm.at || now < t->alarm.at)
                        continue;
                if (t->interval_us)
                        times += late / t->interval_us;
                alarm_set(&t->alarm, &leader->call.waiter,
                          t->interval_us ? t->alarm.at + times * t->interval_us : 0);
                tell(t, times);
                if (!process_lives(leader))
                        return;
        }
}
