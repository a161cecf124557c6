/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may have how many processes (docs/limits.md).  A family is one child of the first process with all that come from it.
 *
 * Whatever a family does, others find entries: a family holds at most a part of the table; one that holds more than a few leaves the last
 * entries to others, and the very last are for what the first process starts itself.  In the same way a family keeps its last entries from
 * its descendants' children and from a group that has all the others, so the shell that a family began with can still look at what it has
 * started, and end it.  Zombies count, and so do those whose parents have ended.  A process that is more urgent than programs may be, that
 * of a disk's file system, makes no others. */
#pragma once

#include "os/process/process.h"

/* A free entry of the table for a process of that group that `maker` makes (NULL: nobody; group 0: a new one); NULL when there is
 * none, or none for it. */
struct process *family_entry(const struct process *maker, int group);

/* May that process have one thread more?  Its limit (RLIMIT_NPROC) counts processes and threads of the family, as Linux counts those of a
 * user. */
bool family_may_have_thread(const struct process *l);
