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

/* A thread that runs takes what it can. */
void signal_interrupt(struct process *p);
