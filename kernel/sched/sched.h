/* SPDX-License-Identifier: BSD-2-Clause */
/* Who runs next (spec scheduling.md 3, 4, 9, 10).
 *
 * Level 7.  Everything here only marks threads; the decision is taken once per kernel entry, in sched_decide.
 * The running thread is in no queue.
 */
#pragma once

#include "core/panic.h"
#include "thread/thread.h"
#include "time/clock.h"
#include "time/sched_context.h"

/* Runnable, with a configured scheduling context whose head is usable. */
bool sched_is_eligible(struct thread *t);

/* If the running thread stopped now, an eligible `t` in no queue would be the next to run. */
static inline bool sched_runs_next(const struct core *core, const struct thread *t)
{
        return t->turn - core->ready->turn < PRIORITIES;
}

/* The wake rule: `t` may have become eligible; queues it, or puts it to wait for budget.  (section 4) */
void sched_wake(struct thread *t);

/* The same for a blocked thread, one of several, after sched_force. */
void sched_wake_among(struct thread *t);

/* Put an eligible thread at the head of its queue and force a decision (bind, priority change). */
void sched_push(struct thread *t);

/* An entry must choose again. */
void sched_force(void);

/* Take a thread out of the ready queue or the release tree, if it is in one. */
void sched_remove(struct thread *t);

/* A runnable thread whose budget lies in the future must wait for it. */
void sched_postpone(struct thread *t);

/* Change the domain of any thread (queue positions per section 4; its priority: ipc/priority.h). */
void sched_set_domain(struct thread *t, word domain);

/* The gate of scheduling.md 8.2 at calls, faults and exceptions: true when the operation may be carried out.  Otherwise the running
 * thread was charged, queued where it belongs and will repeat the instruction. */
bool sched_gate(void);

/* The same test at an interrupt, which is handled in any case. */
void sched_check_budget(void);

void sched_yield_turn(void);

/* The same for a caller that chooses the next thread itself. */
void sched_give_up_turn(void);

/* The running thread has had its turn: it goes behind its equals, or waits for budget. */
void sched_end_turn(struct thread *t);

/* Its first half: what is left of the head is given up, what was used counts as consumed. */
static inline void sched_give_up_budget(struct core *core)
{
        struct sched_context *s = core->charged;

        s->consumed += clock_unpaid(core);
        core->since = core->now;
        core->reprogram = true;
        if (sc_is_round_robin(s))
                sc_begin_slice(s);
        else
                sc_charge(s, sc_head(s)->amount);
}

/* After its checks.  True: the caller steps back and gets its result when it is next dispatched. */
bool sched_yield_to(struct sched_context *s);

/* A pending YieldTo on it ends: the yielder gets its result. */
void sc_complete_yield(struct sched_context *s);

/* `next` (or nobody) pays from now on: settle with the one before, advance it if it is not sporadic, set the deadline. */
void sched_charge_to(struct sched_context *next);

/* Parts of it for round-robin contexts, in the words that they consist of: `s`, which has enough left, pays until `now`. */
static inline void sched_settle_plainly(struct core *core, struct sched_context *s, word now)
{
        word owed = now - core->since;

        ASSERT(!owed || s->refill[0].amount >= owed + kernel.clock_min);
        s->refill[0].amount -= owed;
        s->refill[1].amount += owed;
        s->consumed += owed;
        core->since = now;
}

/* `next` pays from `now` on. */
static inline void sched_begin_plainly(struct core *core, struct sched_context *next, word now)
{
        word end = now + next->refill[0].amount, gate = end - core->margin;

        if (rarely(core->release != NULL)) {
                end = min_word(end, core->release->release_time);
                gate = min_word(gate, core->release->release_time);
        }
        core->charged = next;
        core->gate = gate;
        arch_set_deadline(end);
}

/* The same in the most common case: to a round-robin context, where the gate is open or nothing is owed; so whoever owes time
 * has it.  False: nothing happened. */
static inline bool sched_charge_open(struct core *core, struct sched_context *next)
{
        struct sched_context *s = core->charged;

        if (rarely(next->period != 0) || rarely(core->uncommon != 0))
                return false;
        if (!rarely(core->now == core->since)) {
                if (rarely(s->period != 0))
                        return false;
                sched_settle_plainly(core, s, core->now);
        }
        sched_begin_plainly(core, next, core->now);
        core->reprogram = false;
        return true;
}

/* The same wherever the gate stands. */
static inline bool sched_charge_plainly(struct core *core, struct sched_context *next)
{
        const struct sched_context *s = core->charged;
        word owed = clock_unpaid(core);

        return (!owed || (s && s->refill[0].amount >= owed + kernel.clock_min)) &&
               sched_charge_open(core, next);
}

/* The release time of a waiting thread has come. */
static inline bool sched_something_due(const struct core *core)
{
        return core->release && core->release->release_time <= core->now;
}

/* Release due threads, pick the next thread and make its scheduling context the charged one. */
void sched_decide(void);

/* A long operation stopped at a preemption point: settle what was used so far (13). */
void sched_preempted(void);

/* Raise a timeout fault for `t` if it has a handler for it (ipc/fault.c answers this for the scheduler). */
bool fault_raise_timeout(struct thread *t);
