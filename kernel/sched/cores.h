/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of several cores (spec smp.md 3 to 5, 8; docs/smp.md).
 *
 * Level 7.  With several cores there is one domain, and what is called a thread's domain elsewhere is the core it belongs to:
 * core n runs what is ready in kernel.ready[n].  So a thread of another core is treated as one of another domain: no short path touches it,
 * it is queued at the head when it wakes, and it never changes who runs here.  The rest is in this file: a thread follows its scheduling
 * context, a thread that runs on another core is stopped before it is touched, and a core that has to choose again is told when the kernel
 * is left.
 */
#pragma once

#include "door/door.h"
#include "thread/thread.h"
#include "time/sched_context.h"

/* `t`, in no ready queue and not waiting for budget, has got `s`: it belongs to the core of `s` from now on (smp.md 3). */
static inline void core_follows(struct thread *t, const struct sched_context *s)
{
        if (several_cores())
                t->domain = (uint8_t)s->core;
}

/* `t` runs on no other core any more.  One that did is what it would be if its core had been interrupted between two of its
 * instructions: charged for its time, and the first of its priority among the ready threads there, or waiting for budget.  Nothing
 * of it is in that core's registers. */
void cores_stop_elsewhere(struct thread *t);

static inline void cores_stop(struct thread *t)
{
        if (several_cores())
                cores_stop_elsewhere(t);
}

/* `t`, of another core, competes there as if it had just become ready, if it can run and does not run already (smp.md 4). */
void cores_push(struct thread *t);

/* The thread of highest priority that is ready on a core is better than the one that runs there. */
bool cores_must_choose(const struct core *core);

/* The way in: the turn of `number` had not come yet.  True: the thread that entered was stopped meanwhile, and has done nothing. */
bool cores_wait(uint32_t number);

/* The way out; returns `c`.  The other cores are told what was done for them. */
struct context *cores_leave(struct context *c);

/* Nobody runs here: sleep outside until an interrupt is pending, and come in again. */
void cores_sleep(void);
