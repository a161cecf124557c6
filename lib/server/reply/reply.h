/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects of a server: none is ever received with again while it holds a caller.
 *
 *      info = seL4_Recv(ep, &badge, reply_ready(&pool));          a caller may be in the object now
 *      ... answer at once:   seL4_ReplyRecv(ep, info, &badge, reply_ready(&pool));
 *      ... or later:         h = reply_take(&pool, badge, now);    the caller waits under this handle
 *                            reply_answer(&pool, h, info);         at any time, in any order
 *
 * Receiving with an object that still holds a caller loses that caller for ever, without an error.  Here the object in
 * use belongs to a handle, and reply_ready gives another one.
 *
 * Invariants
 *      - reply_ready never fails after reply_start: reply_take makes sure of a further object before it gives one away.
 *      - an object is ready, free or taken; a taken one is in the list by age and in the list of its client.
 *      - a handle is good for one answer: its generation goes with it, and a stale one is refused and reported.
 *
 * Cost: all calls O(1); cancelling O(requests of that client), with 64 lists for any number of clients.  Memory: 96 bytes,
 * a slot and 2^5 bytes per object, from bookkeeping pages.  Objects stay until reply_end.
 */
#pragma once

#include <book/book.h>
#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <ut/ut.h>

enum { REPLY_LISTS = 64 };

struct reply_row;

/* A caller that waits.  row NULL: none. */
struct reply {
        struct reply_row *row;
        uint64_t generation;
};

struct reply_statistics {
        size_t objects, waiting, most; /* made; callers waiting now; most of them at once */
        uint64_t taken, answered, cancelled, refused;
};

struct reply_pool {
        cspace_t *cspace;
        struct book_pool records;
        struct reply_row *ready, *free;
        struct reply_row *oldest, *newest;
        struct reply_row *client[REPLY_LISTS];
        struct reply_statistics statistics;
};

/* Begin with `count` objects (at least one is made).  0, or -1 without memory; then nothing is left. */
int reply_start(struct reply_pool *pool, cspace_t *cspace, size_t count);

/* Delete all objects.  Callers that still wait stay inactive: the number of them is reported. */
void reply_end(struct reply_pool *pool);

/* The object to receive with: one without a caller. */
seL4_CPtr reply_ready(const struct reply_pool *pool);

/* The caller that was just received waits from now on; `now` is the time (any unit) for reply_leaks.  No row: out of memory; the caller
 * must be answered at once. */
struct reply reply_take(struct reply_pool *pool, seL4_Word badge, uint64_t now);

/* Answer; the message registers are the caller's.  seL4_InvalidArgument (reported) if the handle was used already. */
int reply_answer(struct reply_pool *pool, struct reply reply, seL4_MessageInfo_t info);

/* The same by the next seL4_ReplyRecv (or Send) with the object to receive with, which that caller's is from now on: the message registers
 * are filled just before that.  Nothing else may be received first.  False: the handle was used already, nothing is changed. */
bool reply_answer_next(struct reply_pool *pool, struct reply reply);

/* Does this handle still stand for a waiting caller?  Its client, 0 if not. */
bool reply_is_waiting(struct reply reply);
seL4_Word reply_client(struct reply reply);

/* Drop all requests of a client that is gone or about to go, so that their objects can be reused.  A caller that lives on never gets an
 * answer.  Returns how many there were. */
size_t reply_cancel_client(struct reply_pool *pool, seL4_Word badge);

/* Report the callers that wait for `age` or longer at `now`, oldest first; returns how many.  O(those). */
size_t reply_leaks(const struct reply_pool *pool, uint64_t now, uint64_t age);
