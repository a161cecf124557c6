/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects and the stacks of them that remember whose time was lent (spec ipc.md 8).
 *
 * Level 3.  A reply object is idle (thread NULL), waiting (thread RECEIVING with it) or awaited (thread AWAITING_REPLY).
 * Objects through which a scheduling context was lent form a stack: `below` leads to the older, `above` to the newer
 * one, and the top one has `lends`.
 */
#pragma once

#include "thread/sched_context.h"
#include "thread/thread.h"

struct reply {
        struct thread *thread;
        struct reply *below, *above;
        struct sched_context *lends; /* set only in the top object of a stack */
};

_Static_assert(sizeof(struct reply) == 1u << REPLY_BITS, "public size");

/* `r` becomes the top of the stack of `s`. */
static inline void reply_stack_push(struct reply *r, struct sched_context *s)
{
        r->below = s->reply;
        if (r->below) {
                r->below->above = r;
                r->below->lends = NULL;
        }
        r->lends = s;
        s->reply = r;
}

/* The top object leaves its stack. */
static inline void reply_stack_pop(struct reply *r)
{
        r->lends->reply = r->below;
        if (r->below) {
                r->below->above = NULL;
                r->below->lends = r->lends;
        }
        r->below = NULL;
        r->lends = NULL;
}

/* `caller` waits on `r` for an answer from `callee`; when `lend`, the caller's scheduling context moves along. */
void reply_push(struct reply *r, struct thread *caller, struct thread *callee, bool lend);

/* The caller leaves `r`; time lent through it comes back to the caller if it has none. */
void reply_pop(struct reply *r);

/* Detach a receiver that supplied `r`. */
void reply_detach(struct reply *r);

/* A blocked caller leaves without an answer: links are cut and no time comes back (ipc.md 14.1). */
void reply_cut(struct reply *r);

/* The last cap is gone (ipc.md 8.6). */
void reply_retire(struct reply *r);
