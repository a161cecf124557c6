/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects and the stacks of them that remember whose time was lent (spec ipc.md 8).
 *
 * Level 3.  A reply object is idle (thread NULL), waiting (thread RECEIVING with it) or awaited (thread AWAITING_REPLY).
 * Objects through which a scheduling context was lent form a stack: `below` leads to the older, `above` to the newer
 * one, and the top one has `lends`.
 */
#pragma once

#include "thread/thread.h"

struct reply {
        struct thread *thread;
        struct reply *below, *above;
        struct sched_context *lends; /* set only in the top object of a stack */
};

_Static_assert(sizeof(struct reply) == 1u << REPLY_BITS, "public size");

/* `caller` waits on `r` for an answer from `callee`; when `lend`, the caller's scheduling context moves along. */
void reply_push(struct reply *r, struct thread *caller, struct thread *callee, bool lend);

/* The caller leaves `r`; time lent through it comes back to the caller if it has none. */
void reply_pop(struct reply *r);

/* Detach a receiver that supplied `r`. */
void reply_detach(struct reply *r);

/* A blocked caller leaves without an answer: links are cut and no time comes back (14.1). */
void reply_cut(struct reply *r);

/* The last cap is gone (8.6). */
void reply_retire(struct reply *r);
