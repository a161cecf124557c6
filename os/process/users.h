/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a process is, and how that changes, with its capabilities, as in Linux.  Each thread has its own record (p->user); a child and a
 * thread get a copy of their maker's. */
#pragma once

#include "os/process/process.h"

/* User and group 0 with all capabilities: how the system's own programs begin. */
void user_begin(struct user *u);

/* Its users were `before`: what it may do changes with them. */
void user_changed(struct user *u, const struct user *before);

/* The words of a signal's cause that say who has sent it, or whom it is about. */
static inline seL4_Word user_of_cause(const struct process *p)
{
        return (uint32_t)p->leader->pid | (seL4_Word)p->user.user[USER_REAL] << 32;
}

/* It is somebody else than before: others must not look into what it has in memory from then on, as it may say itself (prctl). */
void user_hides(struct process *p, const struct user *before);

/* It runs another program: bits of the file make it the file's owner's or group's, unless it has refused further rights.  True: it may
 * not trust what its environment says (AT_SECURE). */
bool user_program(struct user *u, const struct node *program, bool no_more);

/* May `p` do what needs one of its own users to be one of the other's, or that capability? */
bool user_may_meet(const struct process *p, const struct process *other, enum capability above);

/* May `p` say how the other one is to run?  May it look at what the other one has in memory; and at what /proc shows of that? */
bool user_may_set(const struct process *p, const struct process *other);
bool user_may_look(const struct process *p, const struct process *other, enum capability above);
bool user_may_see(const struct process *p, const struct process *other);
