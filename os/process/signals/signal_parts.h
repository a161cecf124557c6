/* SPDX-License-Identifier: BSD-2-Clause */
/* What sending and taking of signals have in common. */
#pragma once

#include "os/process/signals/signal.h"

static inline uint64_t signal_flag(int signal)
{
        return 1ull << (signal - 1);
}

/* The signal would have no effect at all. */
bool signal_ignored(const struct process *p, int signal);

/* The thread whose call is served, NULL: none. */
struct process *signal_served(void);

/* Bytes that a transfer has moved before it waited: it ends with them, and does not restart. */
seL4_Word signal_moved(const struct call *c);

/* A signal ends a call that waits, except for one that cannot be left half done, which continues unless the signal is deadly. */
bool signal_spares(const struct process *p);

/* The answer of a call waits. */
void signal_keep_result(struct process *p);

/* A thread that runs takes what it can. */
void signal_interrupt(struct process *p);
