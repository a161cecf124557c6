/* SPDX-License-Identifier: BSD-2-Clause */
/* What an open file is ready for, as a process sees it, and waiting until it is ready. */
#pragma once

#include "os/files/event.h"
#include "os/process/process.h"

enum {
        READY_IN = 1,
        READY_PRIORITY = 2,
        READY_OUT = 4,
        READY_ERROR = 8,
        READY_HANGUP = 16,
        READY_NOT_OPEN = 32,
        READY_IN_NORMAL = 0x40,
        READY_OUT_NORMAL = 0x100,
        READY_SETS = 5,         /* sets in sets, so deep */
        READY_AGAIN_US = 10000, /* until one looks again when there is no place to wait at */
};

/* A call begins to look at what is ready, or goes on with that.  Each set is looked through once in a look, however many ways lead to
 * it, and a look can take several pieces. */
void ready_look(struct process *p);

/* A set was looked through, and the piece is over: what was found since is not all.  The call pauses and looks anew; sets that it has
 * been at are known. */
bool ready_cut(void);

/* The look is over: what it waits for now it finds in the next one. */
void ready_looked(struct process *p);

/* Those of the `wanted` events that hold now, and of READY_ERROR and READY_HANGUP. */
uint32_t ready_now(struct process *p, struct file *f, uint32_t wanted);

/* Stand where a change of that is rung for; false when the piece is over before it is done, and then the call pauses and comes here again
 * in the same look.  *until: the earlier of what it was (0: never) and when it changes by itself, or when one must look again. */
bool ready_wait(struct process *p, struct file *f, uint64_t *until);

/* Would waiting for `f` as a member of `set` end up at `set` again, or is it too deep?  If not, it is noted how deep `f` is. */
bool ready_loops(const struct file *f, const struct file *set);

/* Members of a set that are ready, told at most `most` times to `tell`, which says false when it cannot: then the others are left
 * (-SOS_EFAULT
 * when that was the first); their number.  With NULL nothing is reported, and one is enough. */
typedef bool ready_tell(struct process *p, unsigned index, uint32_t found, uint64_t data);
long ready_members(struct process *p, struct event *set, unsigned most, ready_tell *tell);
