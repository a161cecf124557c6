/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for any of many files, in pieces: look at all; stand at all; and, when that took more than one piece, look at all once more while
 * standing there.  So nothing that comes meanwhile is missed, and nobody looks while nothing comes. */
#pragma once

#include "os/process/process.h"

/* What one of poll, select and epoll does with its files.  Each goes on at p->call.progress (0 at first), returns any_pauses when the
 * piece is over, and -SOS_E* when it fails.  `look` returns the number of those that are ready, `stand` 0; what changes by itself is
 * noted in p->call.until_us. */
struct any {
        long (*look)(struct process *p);
        long (*stand)(struct process *p);
};

/* The number of those that are ready, 0 when the time p->call.end_us (0: none) has come, -SOS_E*, or CALL_NO_VALUE. */
long any_wait(struct process *p, const struct any *any);

/* The piece is over; CALL_NO_VALUE. */
long any_pauses(struct process *p);

/* The time at `va` (0: none) is what to wait at most; the mask at `mask` holds meanwhile.  0 or -SOS_E*. */
long any_begin(struct process *p, seL4_Word va, seL4_Word mask, seL4_Word bytes);
