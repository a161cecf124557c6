/* SPDX-License-Identifier: BSD-2-Clause */
/* Which core a thread runs on.
 *
 * A new thread, that of a new process included, gets the core with the fewest threads that compute; of several, the one with the fewest
 * threads; of several, the last one, because the first one has the server too.  Threads of drivers are not counted, and neither is the one
 * that makes it, which mostly waits afterwards.  It stays there until its set of cores excludes that core (sched_setaffinity).
 * The set is inherited, and kept when the process begins another program.
 */
#pragma once

#include "os/core/cores.h"
#include "os/process/process.h"

/* A core of the set, of which at least one exists.  Cost: grows with the threads that were ever there at once; constant on one core. */
unsigned spread_core(uint32_t set, const struct process *maker);

/* Cores of the monitor's set for the threads of its guest from number `from` on, of so many; those before are where they are.  The first
 * one is with its monitor, and each other one has a core of its own as long as there are any.  Cost: as before. */
void spread_guest(const struct process *monitor, uint8_t *core, unsigned from, unsigned count_of_threads);

/* The thread gets the maker's set, and a core. */
void spread_inherit(struct process *p, const struct process *maker);

/* It runs on cores of that set from now on.  False: the set has none that exists, and nothing has changed. */
bool spread_allow(struct process *p, uint32_t set);

/* Every thread that runs on another core than the server's, or only those of one process, passes a memory barrier; in pieces, from
 * number *at on, which is 0 at first.  True: all have. */
bool spread_barrier_some(const struct process *leader, seL4_Word *at);
