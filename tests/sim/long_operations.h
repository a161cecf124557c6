/* SPDX-License-Identifier: BSD-2-Clause */
/* Every preemptible operation, ready to be done by the root thread of a small machine (docs/bounded.md).
 */
#pragma once

#include "tests/sim/scenarios.h"

enum {
        LONG_LINE = 51, /* the interrupt that disturbs; its handler cap is in slot LONG_HANDLER */
        LONG_HANDLER = FREE,
        LONG_ARENA, /* a small untyped that all objects come from but threads and large memory */
        LONG_ARENA_BITS = 14,
};

struct operation {
        const char *name;
        void (*prepare)(void);
        word cptr;
        struct message message;
        word stops_at_least;
};

extern const struct operation long_operations[];
extern const word long_operation_count;

/* Who does them. */
extern struct thread *long_root;
