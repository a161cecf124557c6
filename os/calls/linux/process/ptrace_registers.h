/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: registers of a tracee that has stopped, and its call.
 *
 * Invariant: a call that is half done (call_half_done) goes on as it is; one that becomes another call begins from nothing. */
#pragma once

#include "os/process/process.h"
#include "os/process/signals/signal_frame.h"

struct ptrace_general {
        uint64_t x[FRAME_X], sp, pc, state;
};

bool ptrace_general(const struct process *t, struct ptrace_general *g);

/* GETREGSET and SETREGSET; 0 or -SOS_E*. */
long ptrace_move_set(struct process *p, struct process *t);
