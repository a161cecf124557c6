/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the trap room: the steps of a system call. */
#pragma once

#include "invoke/request.h"

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

enum send_mode { MODE_CALL, MODE_SEND, MODE_NBSEND, MODE_FIRST };

struct receive;

/* Invoke the cap at `cptr` as the caller's registers say; MODE_FIRST: after what `then` needs has been looked up (receive.h).
 * False when the instruction is not over (preempted): a receive phase must not follow. */
bool request_perform(struct thread *t, word cptr, enum send_mode mode, struct receive *then);

/* All of a request for the cap `c` in `slot` but the mode and the extra caps, of a thread whose buffer is known. */
static inline void request_read(struct request *r, struct thread *t, struct slot *slot, struct cap c,
                                word info)
{
        r->caller = t;
        r->slot = slot;
        r->cap = c;
        r->label = info_label(info);
        r->answer_length = 0;
        r->buffer = t->buffer;
        r->length = info & ones(7); /* no message is longer than this */
        r->extras = info_caps(info);
}

/* The caller of a Call gets the result words put so far, with this label. */
static inline void request_end(struct request *r, word label)
{
        struct context *c = &r->caller->context;

        c->x[REG_BADGE] = 0;
        c->x[REG_INFO] = info_make(label, 0, 0, r->answer_length);
}

/* The end of a request, whatever its outcome. */
void request_finish(struct request *r, enum outcome outcome);

/* Call the kernel object that `c`, the cap in `slot`, is about, from the clock to the way out.  The CSpace is a whole CNode. */
struct context *short_invocation(struct slot *slot, word info, struct thread *t, struct cap c);

/* The same where few levels resolve what the call names. */
struct context *far_invocation(struct slot *slot, word info, struct thread *t, struct cap c);

/* The path of every system call that is not short: the clock is read, and the scheduler decides at the end. */
struct context *long_way(struct thread *t, int64_t number);

void raise_cap_fault(struct thread *t, word cptr, bool receiving, struct lookup_fault f);

/* Debug system calls: true when `number` was one of this build's (spec objects.md 16). */
bool debug_call(struct thread *t, word number);

/* No short path is taken when the image of a debug kernel says so. */
static inline bool only_long_ways(void)
{
        return DEBUG_BUILD && kernel.long_ways;
}

/* Nor by a thread whose every svc is a fault, or that is traced. */
static inline bool takes_long_way(const struct thread *t)
{
        return t->flags & THREAD_LONG_WAYS || only_long_ways();
}
