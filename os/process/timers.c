/* SPDX-License-Identifier: BSD-2-Clause */
/* See timers.h. */
#include "os/process/timers.h"
#include "os/core/pace.h"
#include "os/process/limits.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/signals/signal_queue.h"
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

/* Its signal was sent and has not been taken yet.  Cost: the signals that are pending. */
static bool is_pending(const struct timer *t)
{
        const struct process *to = t->thread ? t->thread : t->leader;

        return signal_queue_has_timer(t->thread ? to->signals.queue : to->signals.common_queue, t->id);
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

/* The piece is over: from the first one on that is due, behind `t`, another one goes on. */
static bool next_due(struct timer *t, uint64_t now)
{
        while (t && (!t->alarm.at || now < t->alarm.at))
                t = t->next;
        if (t)
                alarm_set(&t->alarm, &t->leader->call.waiter, t->alarm.at);
        return t;
}

void timers_ring(struct process *leader)
{
        uint64_t now = leader->timers ? clock_us() : 0;

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
                if (pace_is_over() && next_due(next, now))
                        return;
        }
}

/* --- on what is used --- */

enum { USED_PATIENCE = 8, USED_THREADS = 64, USED_PIECE_US = 500 };
enum { SIGNAL_XCPU = 24, SIGNAL_VTALRM = 26, SIGNAL_PROF = 27 };

uint64_t timer_used(const struct timer *t)
{
        struct process *thread = t->used_by ? thread_find(t->used_by) : NULL;

        if (!t->used_by)
                return t->leader->time.used_us;
        return thread && thread->leader == t->leader ? thread->time.consumed_us : 0;
}

/* 0: it is not set; 1 when it is over. */
static uint64_t until(const struct timer *t)
{
        uint64_t used = t->used_at ? timer_used(t) : 0;

        return !t->used_at ? 0 : t->used_at > used ? t->used_at - used : 1;
}

/* What is nearest, microseconds; 0: nothing is waited for. */
static uint64_t nearest(const struct process *l, uint64_t used)
{
        const struct signals *s = &l->signals;
        uint64_t left = 0, own;

        for (int i = 0; i < USED_TIMERS; i++) {
                if (s->used[i].at && (!left || s->used[i].at - used < left))
                        left = s->used[i].at - used;
        }
        for (const struct timer *t = l->timers; t; t = t->next) {
                own = until(t);
                if (own && (!left || own < left))
                        left = own;
        }
        return left;
}

/* A look asks each thread: of many it takes long, and there are fewer. */
static uint64_t tick(const struct process *l)
{
        return USED_TICK_US * (1 + l->ring.threads / USED_THREADS);
}

/* Look again when the nearest could have come; later for one that uses nothing. */
static void look_again(struct process *l)
{
        struct signals *s = &l->signals;
        uint64_t used = l->time.used_us, left = nearest(l, used);

        s->used_delay = used != s->used_seen                      ? tick(l)
                        : s->used_delay < USED_PATIENCE * tick(l) ? s->used_delay * 2
                                                                  : s->used_delay;
        s->used_seen = used;
        if (left)
                left = left > s->used_delay ? left : s->used_delay;
        alarm_set(&s->used_alarm, &l->call.waiter, left ? clock_us() + left : 0);
}

void used_timer_set(struct process *leader, enum used which, uint64_t left, uint64_t interval)
{
        uint64_t used = leader->time.used_us;

        leader->signals.used[which] = (struct used_timer){.at = left ? used + left : 0, .interval = interval};
        leader->signals.used_delay = USED_TICK_US;
        look_again(leader);
}

/* One that is over already comes with the next look. */
static void used_wait_for(struct timer *t, uint64_t at)
{
        t->used_at = at;
        t->leader->signals.used_delay = USED_TICK_US;
        look_again(t->leader);
}

void timer_set(struct timer *t, uint64_t at, uint64_t interval_us)
{
        t->interval_us = interval_us;
        t->missed = t->missed_before = 0;
        if (t->on_used)
                used_wait_for(t, at);
        else
                alarm_set(&t->alarm, &t->leader->call.waiter, at);
}

uint64_t used_timer_left(struct process *leader, enum used which)
{
        uint64_t at = leader->signals.used[which].at, used = leader->time.used_us;

        return !at ? 0 : at > used ? at - used : 1;
}

static int signal_of(const struct process *l, int which, uint64_t used)
{
        static const uint8_t signals[] = {
                [USED_VIRTUAL] = SIGNAL_VTALRM, [USED_PROFILE] = SIGNAL_PROF, [USED_LIMIT] = SIGNAL_XCPU};
        enum { SECOND_US = 1000000 };

        return which == USED_LIMIT && used / SECOND_US >= process_limit(l, LIMIT_CPU)->most ? SIGNAL_KILL
                                                                                            : signals[which];
}

static void ring_one(struct timer *t)
{
        uint64_t late = timer_used(t) - t->used_at, times = 1;

        if (t->interval_us)
                times += late / t->interval_us;
        t->used_at = t->interval_us ? t->used_at + times * t->interval_us : 0;
        tell(t, times);
}

/* False when the process has ended by that, or goes on later. */
static bool ring_all(struct process *leader)
{
        for (struct timer *t = leader->timers, *next; t; t = next) {
                next = t->next;
                if (t->used_at && timer_used(t) >= t->used_at)
                        ring_one(t);
                if (!process_lives(leader))
                        return false;
                if (next && pace_is_over()) {
                        alarm_set(&leader->signals.used_alarm, &leader->call.waiter,
                                  clock_us() + USED_PIECE_US);
                        return false;
                }
        }
        return true;
}

void used_timers_ring(struct process *leader)
{
        struct signals *s = &leader->signals;
        uint64_t used;

        if (!s->used_alarm.at || clock_us() < s->used_alarm.at)
                return;
        if (!process_count_some(leader, &s->used_asked)) {
                alarm_set(&s->used_alarm, &leader->call.waiter, clock_us() + USED_PIECE_US);
                return;
        }
        s->used_asked = 0;
        used = leader->time.used_us;
        for (int i = 0; i < USED_TIMERS; i++) {
                struct used_timer *t = &s->used[i];

                if (!t->at || used < t->at)
                        continue;
                t->at = t->interval ? used + t->interval : 0;
                signal_send(leader, signal_of(leader, i, used));
                if (!process_lives(leader))
                        return;
        }
        if (ring_all(leader))
                look_again(leader);
}

void used_timers_drop(struct process *leader)
{
        alarm_set(&leader->signals.used_alarm, NULL, 0);
}
