/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the trap room: the steps of a system call. */
#pragma once

#include "trap/request.h"

enum syscall_number {
        SYS_NONE = 0,
        SYS_CALL = -1,
        SYS_REPLY_RECV = -2,
        SYS_NBSEND_RECV = -3,
        SYS_NBSEND_WAIT = -4,
        SYS_SEND = -5,
        SYS_NBSEND = -6,
        SYS_RECV = -7,
        SYS_NBRECV = -8,
        SYS_WAIT = -9,
        SYS_NBWAIT = -10,
        SYS_YIELD = -11,
};

/* Fill `r` from the caller's registers and buffer; caller, cptr, blocking, call and first are set.  REFUSED: a lookup
 * failed at the address *bad.  AGAIN: lookups took long, and an interrupt waits. */
enum outcome request_make(struct request *r, struct lookup_fault *f, word *bad);

/* Debug system calls: true when `number` was one of this build's (spec objects.md 16). */
bool debug_call(struct thread *t, word number);

/* The way of every system call that is not short: the clock is read, and the scheduler has the last word. */
struct context *long_way(struct thread *t, int64_t number);

/* A thread whose every svc is a fault takes no short way. */
static inline bool takes_long_way(const struct thread *t)
{
        return t->flags & THREAD_SVC_FAULTS;
}

/* Tell the caller how its invocation ended. */
void finish(struct request *r, enum outcome outcome);

