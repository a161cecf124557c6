/* SPDX-License-Identifier: BSD-2-Clause */
/* When the server goes on with a call that it does in pieces.
 *
 * The server's priority is above that of all processes, so it must wait between two pieces, or nobody else would run.  A
 * thread with the priority of the caller tells it to go on: when it gets the processor, whoever is more urgent has nothing
 * to do.  A thread that is woken comes before the others of its priority, so when the server has worked for a slice it yields:
 * then these have their turn.
 */
#pragma once

#include "os/core/service.h"

enum { PACE_GO = 1, PACE_SERVER }; /* slots of the thread */

/* Make the thread; its word comes to `signals` with that badge. */
bool pace_start(seL4_CPtr fault_endpoint, seL4_CPtr go, seL4_CPtr signals, seL4_Word badge);

/* The server has worked so long, for anybody. */
void pace_worked(uint64_t ticks);

/* It has worked for a slice since others had their turn. */
bool pace_is_due(void);

/* Let it tell once; it runs with this priority. */
void pace_go(unsigned long priority);

/* It has not told yet: with this priority, if it has a lower one. */
void pace_hurry(unsigned long priority);
