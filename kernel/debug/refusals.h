/* SPDX-License-Identifier: BSD-2-Clause */
/* Refusals printed as they happen, by debug kernels that were asked to (TESSERA_ReportRefusals).
 *
 * Level 14.  One line each: the thread, the capability and its kind, the label, the error with its details, and the file and line of the
 * check that refused.
 */
#pragma once

#include "core/state.h"
#include "invoke/request.h"

/* Are refusals of this thread reported? */
static inline bool refusals_told(const struct thread *t)
{
        return DEBUG_BUILD && kernel.tells_refusals && t != kernel.refusals_but;
}

/* The invocation has just been refused, and r->why is filled. */
void refusal_tell(const struct request *r);

/* The lookup of `cptr`, the capability of a system call or one that its message carries, failed; `faults`: its caller gets a fault,
 * else the call does nothing. */
void refusal_tell_lookup(const struct thread *t, word cptr, bool faults);
