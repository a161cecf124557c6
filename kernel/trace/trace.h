/* SPDX-License-Identifier: BSD-2-Clause */
/* Trace points (tessera/trace.h; docs/trace.md).
 *
 * Level 2.  Owns core->trace.  While a trace runs, every thread that is chosen gets THREAD_TRACED, and no thread with that
 * flag takes a short way; so the short ways have no trace points and do not pay for tracing: the flag lies in the mask that they test in
 * any case.
 */
#pragma once

#include "core/state.h"
#include "tessera/trace.h"
#include "trace_point.h"

/* Write one event.  A trace runs.  Cost: about 30. */
void trace_record(word kind, word who, word a, word b);

static inline __attribute__((always_inline)) bool trace_runs(void)
{
        return this_core()->trace.events != NULL;
}

/* A trace point: one test while no trace runs.  `who` is a thread or NULL. */
static inline __attribute__((always_inline)) void trace(enum tessera_trace_kind kind, const void *who,
                                                        word detail, word a, word b)
{
        if (rarely(trace_runs()))
                arch_trace_point(kind, (word)who | (detail & TESSERA_TRACE_DETAIL), a, b);
}

/* Start a trace in `size` bytes of RAM, at least a page. */
void trace_start(void *memory, word size);

void trace_stop(void);

/* False if there is no room for another name. */
bool trace_name(word object, const word text[3]);

/* The memory at this physical address is being taken away. */
void trace_forget(word paddr);
