/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks on files, as programs of Linux have them: on ranges of bytes, of a process or of an open file, and whole ones (flock) of an
 * open file.  Locks of processes and of open files exclude each other; whole-file locks are a separate kind and exclude only each other.
 *
 * Invariant: the ranges of one owner in one file are disjoint.  Cost: linear in the number of locks, at most LOCKS. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "os/core/wait.h"

struct node;

enum lock_type { LOCK_READ, LOCK_WRITE, LOCK_NONE };
enum lock_kind { LOCK_RANGE, LOCK_WHOLE };
enum { LOCKS = 512 };

#define LOCK_END UINT64_MAX

struct lock {
        const struct node *node; /* NULL: unused record */
        const void *owner;       /* the descriptors of a process, or an open file */
        uint64_t start, end;     /* [start, end) */
        int pid;                 /* who asked; -1 for an open file */
        uint8_t type, kind;
};

/* A lock that conflicts with `wanted`; NULL: none. */
const struct lock *lock_in_the_way(const struct lock *wanted);

/* What the owner has in the range becomes this (LOCK_NONE: nothing); 0, -SOS_EAGAIN if another lock is in the way, -SOS_ENOLCK without free
 * records. */
long lock_set(const struct lock *wanted);

/* Remove all locks of an owner, on one file or on all (NULL). */
void lock_forget(const struct node *n, const void *owner);

/* Where to wait until some have gone. */
struct wait_queue *lock_queue(void);
