/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the trap room: the steps of a system call. */
#pragma once

#include "trap/request.h"

/* Fill `r` from the caller's registers and buffer; caller, cptr, blocking, call and first are set.  False: a lookup
 * failed at the address *bad. */
bool request_make(struct request *r, struct lookup_fault *f, word *bad);

/* Debug system calls: true when `number` was one of this build's (spec objects.md 16). */
bool debug_call(struct thread *t, word number);

/* Tell the caller how its invocation ended. */
void finish(struct request *r, enum outcome outcome);

/* The way out: decide who runs, enter its space. */
struct context *leave(void);

/* Its last part, when the running thread is settled. */
struct context *leave_to(struct thread *t);
