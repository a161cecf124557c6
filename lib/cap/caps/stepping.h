/* SPDX-License-Identifier: BSD-2-Clause */
/* Single step and watchpoints of the core for a thread, by the kernel's extension (TESSERA_TCBSetDebug in tessera/extensions.h, which
 * says what the words mean and what the thread's faults are).  For images packed with `mkimage --extensions`.
 *
 * One call to the kernel that uses the message registers.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>

#include "tessera/extensions.h"

struct core_watch {
        seL4_Word address, control; /* control 0: none */
};

/* False when the kernel does not do it: without the extension, at EL2, for the caller's own thread, for words that mean nothing, and for
 * more than the core has.  `tcb` must be a TCB: an endpoint would get a message. */
bool core_debug(seL4_CPtr tcb, bool step, const struct core_watch watch[TESSERA_WATCHPOINTS]);
