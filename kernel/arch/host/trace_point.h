/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace point writes one event at kernel.trace.next.  A trace runs. */
#pragma once

#include "core/state.h"
#include "tessera/trace.h"

word arch_now(void);

static inline __attribute__((always_inline)) void arch_trace_point(word kind, word who, word a, word b)
{
        struct trace *t = &kernel.trace;
        word when = (arch_now() << 8 & ~TESSERA_TRACE_CORE) | this_core()->number << TESSERA_TRACE_CORE_SHIFT;

        *t->next++ = (struct tessera_trace_event){when | kind, who, a, b};
        if (t->next == t->end)
                t->next = t->first;
        t->memory->written = ++t->written;
}
