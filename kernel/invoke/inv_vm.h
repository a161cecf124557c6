/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the invocations of virtual memory.  Level 6. */
#pragma once

#include "trap/request.h"

/* A VSpace cap that has, or had, a number. */
static inline bool is_assigned_vspace(struct cap c)
{
        return cap_kind(c) == CAP_VSPACE && c.b != 0;
}

/* The number is bound to some VSpace: FailedLookup (invalid root). */
enum outcome check_asid_bound(struct request *r, word asid);

/* ... and to that of the assigned VSpace cap: InvalidCapability(n). */
enum outcome check_vspace_bound(struct request *r, struct cap vspace, word n);

/* inv_cache.c: the four cache operations on frames. */
enum outcome invoke_frame_cache(struct request *r);
