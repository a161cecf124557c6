/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that are stopped and continued.
 *
 * No thread of a stopped process runs: those that did are suspended, a call that ends keeps its answer, and one that waits is tried
 * again when the process continues.  Its parent may hear of both (wait4, waitid, SIGCHLD).
 */
#pragma once

#include "os/process/process.h"

/* Does that signal stop a process by default? */
bool job_stops(int signal);

void job_stop(struct process *l, int signal);
void job_continue(struct process *l);
