/* SPDX-License-Identifier: BSD-2-Clause */
/* Trace points (tessera/trace.h; docs/trace.md).
 *
 * Level 2.  Owns kernel.trace, the one ring of all cores, and core->traces, which says on each of them that it is there.  While a
 * trace runs, every thread that is chosen gets THREAD_TRACED, and no thread with that flag takes a short path; so short paths have no
 * trace points, and pay for the trace with no instruction: the flag lies in the mask that they test in any case.
 */
#pragma once

#include "core/state.h"
#include "tessera/trace.h"
#include "trace_point.h"

static inline __attribute__((always_inline)) bool trace_runs(void)
{
        return this_core()->traces;
}

/* A trace point: one test while no trace runs, at most 40 instructions while one does (docs/trace.md).  `who` is a thread or NULL. */
static inline __attribute__((always_inline)) void trace(enum tessera_trace_kind kind, const void *who,
                                                        word detail, word a, word b)
{
        if (rarely(trace_runs()))
                arch_trace_point(kind, (word)who | (detail & TESSERA_TRACE_DETAIL), a, b);
}

/* Begin on all cores, in `size` bytes of RAM, at least a page.  Cost: constant, and a little for each core. */
void trace_start(void *memory, word size);

void trace_stop(void);

/* False if there is no room for another name. */
bool trace_name(word object, const word text[3]);

/* The memory at this physical address is being taken away. */
void trace_forget(word paddr);
