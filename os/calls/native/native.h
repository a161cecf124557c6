/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of native programs that have no counterpart among those of Linux.
 *
 * Results: 0 or more, -SOS_E*, or what call_waits and its like return.
 */
#pragma once

#include "os/process/process.h"

/* One call, or one attempt at it: a value, or what call_waits and its like return. */
long call_native(struct process *p);

/* Virtual machines (machine.c). */
long call_machine(struct process *p);
long call_console(struct process *p);
