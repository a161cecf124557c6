/* SPDX-License-Identifier: BSD-2-Clause */
/* Between debug.c and debug_memory.c: what is known of one that is debugged. */
#pragma once

#include "caps/stepping.h"
#include "os/process/debug.h"

struct debug {
        int pid, debugger; /* 0: unused */
        struct debug_event event;
        unsigned breaks;
        struct {
                seL4_Word va;
                uint32_t instruction;
        } at[BREAKPOINTS];
        struct core_watch watch[TESSERA_WATCHPOINTS];
};

/* NULL: it has ended. */
struct process *debug_process(const struct debug *d);
