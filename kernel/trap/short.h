/* SPDX-License-Identifier: BSD-2-Clause */
/* The short paths: system calls, faults and interrupts for which looking at a few words is enough.
 *
 * A short path first proves, without effect, that the whole call is a common case; then it does what the long path would,
 * with the same effects (they are inline functions of the rooms below), and leaves.  Otherwise nothing has happened, except that the clock
 * may have been read, and the long path takes over.
 *
 * What every proof may rely on, because it holds whenever user level runs (debug/check_threads.c): the running thread
 * is RUNNING, in no queue, in the running domain, and its scheduling context is the charged one; no eligible thread of
 * the domain has a higher priority.
 *
 * The commonest case of each is written so that the compiler needs no stack frame for it: everything that calls other
 * functions is a function of its own and a tail call.
 */
#pragma once

#include "cap/lookup.h"
#include "thread/thread.h"

/* A cap the thread can name, or the null cap where one CNode alone does not resolve it. */
static inline struct cap short_find(const struct thread *t, word cptr)
{
        struct cap root = t->slot[TCB_CSPACE].cap;

        return lookup_is_near(root, cptr) ? lookup_near(root, cptr)->cap : cap_null();
}

/* The same where a few CNodes may be on the way. */
static inline struct cap short_find_far(const struct thread *t, word cptr)
{
        const struct slot *s = lookup_few(t->slot[TCB_CSPACE].cap, cptr);

        return s ? s->cap : cap_null();
}

/* An interrupt was taken, and a notification is to be signalled through the cap in `slot`, if that is not NULL.  The gate is open. */
struct context *short_interrupt(struct core *core, const struct slot *slot);

/* A Call past the door through `c` that finds nobody, or not all at home. */
struct context *local_call(struct cap c, word info, struct thread *t);

/* In local mode, a Send through the cap in `slot` of a notification that is at home on another core: a letter for that core; or by the
 * door. */
struct context *mail_send(const struct slot *slot, word info, struct thread *t);

/* In local mode, an interrupt finds a letter.  NULL: it is still there. */
struct context *mail_take(struct core *core);

/* All that a signal of `n`, which is at home here, would touch is so, too: the thread that is bound to it, and who hears it. */
bool local_hears(const struct core *core, const struct notification *n);

struct context *short_yield(struct thread *t);

/* An interrupt finds the budget of the running thread used up, and nothing else is due; its turn ends. */
bool short_turn_ends(const struct core *core);
struct context *short_end_of_turn(struct core *core);

/* The thread's timeout handler, if it waits with a reply object and time of its own, and runs next; then it gets the fault.  NULL: take the
 * long path. */
struct thread *short_timeout_handler(const struct core *core);
struct context *short_timeout(struct core *core, struct thread *handler);

/* The proof and the effect of a fault of the running thread `t`: first the handler, if it waits with a reply object and runs next (NULL:
 * take the long path); then, with t->fault filled in, the fault is sent. */
struct thread *short_handler(struct core *core, const struct thread *t);
struct context *short_fault(struct core *core, struct thread *t, struct thread *handler);
