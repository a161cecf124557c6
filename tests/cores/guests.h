/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations on virtual processors (docs/smp.md, "Guests on several cores"): two guests, one on core 3 and a less urgent one on core 0,
 * and a VCPU that no thread has; callers on cores 1 and 2, which are native, and what the first guest does itself. */
#pragma once

#include "tests/cores/explore.h"

enum guest_operation {
        GO_BIND_OTHER,  /* its VCPU becomes that of the other guest */
        GO_BIND_SPARE,  /* it gets the one that nobody has */
        GO_READ,        /* a register that stays in the machine, */
        GO_READ_SHARED, /* and one that native threads need, too */
        GO_WRITE,
        GO_WRITE_SHARED,
        GO_INJECT,
        GO_ACKNOWLEDGE,
        GO_DELETE,
        GO_DELETE_THREAD,
        GO_MOVE, /* to the other guest's core */
        GO_MOVE_OTHER,
        GO_SUSPEND,
        GO_RESUME,
        GO_THREAD_READ,
        GO_THREAD_WRITE,
        GO_ITSELF_WRITES, /* from here on by the guest itself */
        GO_ITSELF_CALLS,
        GO_ITSELF_TRAPS,
        GO_ITSELF_SETS_TIMER, /* whose event is due */
        GO_ITSELF_ENDS,       /* an interrupt, which was pending */
        GUEST_OPERATIONS
};

extern const struct world guests;

/* One after the other, from different cores: whoever reads gets what was written last, and a moved guest has its events. */
void guests_one_by_one(void);
