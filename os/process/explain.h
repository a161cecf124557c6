/* SPDX-License-Identifier: BSD-2-Clause */
/* What else is known about a fault that ends a process. */
#pragma once

#include "os/process/process.h"

/* On the console: the function, who called it, some registers; and when `memory`, what is mapped on both sides of the address.  Reads
 * what the process has in memory; cost: the symbols of its program are read once for each of at most EXPLAIN_CALLERS functions. */
enum { EXPLAIN_CALLERS = 8 };
void fault_explain(struct process *p, seL4_Word pc, bool memory);
