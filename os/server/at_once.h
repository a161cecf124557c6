/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of Linux programs that only report what is known: the shortest way through the server.
 *
 * The message registers keep what they held, except for the result and the pc.  Nothing else changes, so the next message is taken
 * without a look around.
 */
#pragma once

#include "os/process/process.h"

/* The caller, when the message that was just received is such a call: its answer is in the message registers.  NULL: it is none. */
struct process *serve_at_once(seL4_Word badge, seL4_MessageInfo_t info);
