/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files about traced threads have together. */
#pragma once

#include "os/process/tracee.h"

/* It stops, and its tracer hears of it; it is not made to stand still by that. */
void tracee_stop(struct process *p, enum tracee_stop stop, int status);

/* The same for one that may be running. */
void tracee_stop_running(struct process *p, enum tracee_stop stop, int status);

/* The core steps it no longer. */
void tracee_unstep(struct process *p);
