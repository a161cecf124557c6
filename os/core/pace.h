/* SPDX-License-Identifier: BSD-2-Clause */
/* When the server continues a call that it does in pieces.
 *
 * The server's priority is above that of all processes, so it must wait between two pieces, or nobody else would run.  A
 * thread with the priority of the caller tells it to continue: when it gets the processor, whoever is more urgent has nothing
 * to do.  The clock limits the length of a piece.  A thread that is woken comes before the others of its priority, so when the server has
 * worked for a slice it yields:
 * then these have their turn.
 */
#pragma once

#include "os/core/service.h"
#include "sos/clock.h"

enum { PACE_GO = 1, PACE_SERVER }; /* slots of the thread */

/* Make the thread; its word comes to `signals` with that badge. */
bool pace_start(seL4_CPtr fault_endpoint, seL4_CPtr go, seL4_CPtr signals, seL4_Word badge);

/* When the present piece ends, in ticks since boot.  Only pace.c writes it. */
extern uint64_t pace_ends;

/* The server begins to work, now (ticks since boot), and has worked so long since, for anybody. */
uint64_t pace_begins(void);
void pace_worked(uint64_t ticks);

/* It has worked for a piece since it began: a call that has done a step, and has more to do, leaves the rest for later.  A step is to
 * take half as long at most. */
static inline bool pace_is_over(void)
{
        return clock_ticks() >= pace_ends;
}

/* The server has worked for a slice since others had their turn. */
bool pace_is_due(void);

/* Let it tell once; it runs with this priority. */
void pace_go(unsigned long priority);

/* It has not told yet: with this priority, if it has a lower one. */
void pace_hurry(unsigned long priority);
