/* SPDX-License-Identifier: BSD-2-Clause */
/* A process whose budget is shorter than its period pays for what the server does for it, too.
 *
 * The kernel counts only what the process itself works.  The server is more urgent and works in its own time, so a process that calls
 * without end would use little of its budget and keep off all who are less urgent than it.  When both together have used the budget in a
 * period, the process is suspended until the period is over, or its call, which has pieces left, waits until then.  A thread of it has a
 * budget, and an account, of its own.
 * Drivers make no calls; what their signals cause is in driver_time.c.
 */
#pragma once

#include "os/process/process.h"

/* The server has worked for its call or fault since then (ticks).  True: it has to rest, now or as soon as it has its answer. */
bool charge_work(struct process *p, uint64_t since);

/* It rests from now on; it runs, and is in no call.  Its waiter is rung for at the end. */
void charge_rests(struct process *p);

/* Its call, which has pieces left, goes on when the period is over. */
void charge_waits(struct process *p);

/* Whatever else kept it, it runs again, if it does not rest. */
void charge_resume(struct process *p);

/* It goes on if its rest is over. */
void charge_look(struct process *p);
