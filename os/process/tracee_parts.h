/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files about traced threads have together. */
#pragma once

#include "caps/stepping.h"
#include "os/process/tracee.h"

/* It stops, and its tracer hears of it; it is not made to stand still by that. */
void tracee_stop(struct process *p, enum tracee_stop stop, int status);

/* The same for one that may be running. */
void tracee_stop_running(struct process *p, enum tracee_stop stop, int status);

/* The core steps it no longer. */
void tracee_unstep(struct process *p);
extern const struct core_watch tracee_no_watch[TESSERA_WATCHPOINTS];

/* It stops before or behind its call; for what an option names. */
void tracee_stop_at_call(struct process *p, enum tracee_stop stop);
void tracee_stop_at_event(struct process *p, int event, seL4_Word message);

/* The number that Linux has, negative, in place of the result of a call that a signal has ended. */
int tracee_restart_of(const struct call *c);

/* Is there a signal that it can take, or something else to stop for? */
bool tracee_is_due(const struct process *p);
