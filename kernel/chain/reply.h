/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects and the stacks of them that remember whose time was lent (spec ipc.md 8).
 *
 * Level 8.  A reply object is idle (thread NULL), waiting (thread RECEIVING with it) or awaited (thread AWAITING_REPLY).
 * Objects through which a scheduling context was lent form a stack: `below` leads to the older, `above` to the newer
 * one, and the top one has `lends`.
 */
#pragma once

#include "face.h"
#include "thread/thread.h"
#include "time/sched_context.h"

struct reply {
        struct thread *thread; /* Written by reply, endpoint, short_call, short_wait. */
        union {
                /* Set only in the top object of a stack.  Written by reply, binding, endpoint, short_wait. */
                struct sched_context *lends;
                /* While idle: the core_mark of the core where it is at home (door/local.h): the one that made it so, or from which
                 * it was last offered at the door; or 0.  Written by reply, local. */
                word home;
        };
        struct reply *below, *above; /* Written by reply. */
};

_Static_assert(sizeof(struct reply) == 1u << REPLY_BITS, "public size");

/* `caller` waits on `r`, which is idle. */
static inline void reply_await(struct reply *r, struct thread *caller)
{
        r->thread = caller;
        r->lends = NULL;
        caller->reply = r;
        caller->state = AWAITING_REPLY;
}

/* The same, and the caller's time moves along to `callee`, which has none and holds no reply object: `r` becomes the top
 * of its stack.  Neither thread is in a queue.  Neighbouring words are written together. */
static inline void reply_lend(struct reply *r, struct thread *caller, struct thread *callee)
{
        struct sched_context *s = caller->sc;
        struct reply *below = s->reply;

        if (rarely(below != NULL)) {
                r->below = below;
                below->above = r;
                below->lends = NULL;
        }
        r->thread = caller;
        r->lends = s;
        s->thread = callee;
        s->reply = r;
        callee->sc = s;
        callee->reply = NULL;
        caller->sc = NULL;
        caller->reply = r;
        caller->state = AWAITING_REPLY;
}

/* The top object leaves its stack; what it lent is above. */
static inline void reply_stack_pop(struct reply *r)
{
        struct reply *below = r->below;

        r->lends->reply = below;
        if (below) {
                below->above = NULL;
                below->lends = r->lends;
                r->below = NULL;
        }
        r->lends = NULL;
}

/* Undo reply_lend: the caller of `r` gets its time `s` back from `holder`, which waits with the same object again. */
static inline void reply_return(struct reply *r, struct thread *holder, struct thread *caller,
                                struct sched_context *s)
{
        struct reply *below = r->below;

        if (rarely(below != NULL)) {
                below->above = NULL;
                below->lends = s;
                r->below = NULL;
        }
        s->thread = caller;
        s->reply = below;
        caller->sc = s;
        caller->reply = NULL;
        r->thread = holder;
        r->lends = NULL;
        holder->sc = NULL;
        holder->reply = r;
}

/* `caller` waits on `r` for an answer from `callee`; when `lend`, the caller's scheduling context moves along. */
void reply_push(struct reply *r, struct thread *caller, struct thread *callee, bool lend);

/* The caller leaves `r`; time lent through it comes back to the caller if it has none. */
void reply_pop(struct reply *r);

/* `r` becomes idle.  A core in local mode that finds its own mark in an object knows that it is: no other core writes this mark. */
static inline void reply_release(struct reply *r)
{
        r->thread->reply = NULL;
        r->thread = NULL;
        r->home = core_mark();
}

/* Detach a receiver that supplied `r`. */
void reply_detach(struct reply *r);

/* A blocked caller leaves without an answer: links are cut and no time comes back (ipc.md 14.1). */
void reply_cut(struct reply *r);

/* The last cap is gone (ipc.md 8.6). */
void reply_retire(struct reply *r);
