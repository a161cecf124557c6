/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions as messages (spec ipc.md 13).
 *
 * Level 11.  A thread has at most one fault; while it is queued or unanswered it stays in thread.fault.
 */
#pragma once

#include "chain/reply.h"
#include "sched/sched.h"
#include "thread/registers.h"
#include "thread/thread.h"

/* `t` has the fault that `t->fault` describes: send to its fault handler, or stop it. */
void fault_raise(struct thread *t);

/* Print a fault that nobody handles: cause, place, registers, the top of the stack (dump_fault.c; debug builds). */
void dump_fault(const struct thread *t);

/* `c` can be a fault or timeout handler: an endpoint cap with Write and Grant or GrantReply. */
bool fault_handler_is_valid(struct cap c);

/* Write the fault message of `from` to `to`, and the badge. */
void fault_deliver(struct thread *from, struct thread *to, word badge);

/* Whether an answer with this message info restarts the faulted `to` (ipc.md 13.5). */
static inline bool fault_restarts(const struct thread *to, word info)
{
        return to->fault.type == FAULT_CAP || to->fault.type >= FAULT_VM || info_label(info) == 0;
}

/* Apply the answer of `from` to the faulted `to`; the fault is cleared. */
void fault_answer(struct thread *from, struct thread *to);

/* Reply through `r` on behalf of `replier` (ipc.md 8.4); nothing happens when nobody waits for it.  AGAIN when it must stop:
 * nothing has happened yet. */
enum outcome reply_send(struct reply *r, struct thread *replier, bool grant);
