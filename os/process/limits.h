/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process may use (setrlimit): numbers that it keeps, gives to its children, and changes as it likes.  How many processes and
 * descriptors it may have lies where these are (family.h, common.h).
 *
 * Those without a line in docs/limits.md are kept as they were said: on Linux, too, they bind nobody with all rights.
 */
#pragma once

#include "os/process/process.h"

enum limit {
        LIMIT_CPU, /* seconds of the processor: SIGXCPU each second from the lower one on, SIGKILL at the higher */
        LIMIT_FILE_SIZE, /* bytes */
        LIMIT_DATA,      /* bytes of the heap and of memory of its own that it may write */
        LIMIT_STACK,     /* bytes, from the next program on */
        LIMIT_CORE,
        LIMIT_PROCESSES = 6,
        LIMIT_DESCRIPTORS,
        LIMIT_LOCKED,    /* bytes in memory for good, for those without a capability for more */
        LIMIT_MEMORY,    /* bytes of addresses */
        LIMIT_NICE = 13, /* how little nice it may be without one: 20 less that */
        LIMIT_REAL_TIME,
        LIMITS = 16
};

struct process_limit {
        uint64_t now, most; /* UINT64_MAX: none */
};

/* One of the process that `p` is a thread of. */
static inline struct process_limit *process_limit(const struct process *p, enum limit which)
{
        return &p->leader->limits.own[which];
}

/* A process begins, with those of its maker (NULL: with what holds for all). */
void limits_begin(struct process *p, const struct process *maker);

/* The limit of processor time holds from now on, for one that runs and whose time is counted (process_count_some). */
void limits_watch(struct process *p);

/* For a program's stack: bytes, whole pages. */
seL4_Word limits_stack(const struct process *p);
