/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a process is, and how that changes, with its capabilities, as in Linux.  Each thread has its own record (p->user); a child and a
 * thread get a copy of their maker's. */
#pragma once

#include "os/process/process.h"

/* User and group 0 with all capabilities: how the system's own programs begin. */
void user_begin(struct user *u);

/* Its users were `before`: what it may do changes with them. */
void user_changed(struct user *u, const struct user *before);

/* It runs another program: bits of the file make it the file's owner's or group's, unless it has refused further rights.  True: it may
 * not trust what its environment says (AT_SECURE). */
bool user_program(struct user *u, const struct node *program, bool no_more);

/* May `p` do what needs one of its own users to be one of the other's, or that capability? */
bool user_may_meet(const struct process *p, const struct process *other, enum capability above);

/* May `p` say how the other one is to run?  May it look at what the other one has in memory, and say what its limits are? */
bool user_may_set(const struct process *p, const struct process *other);
bool user_may_look(const struct process *p, const struct process *other, enum capability above);
