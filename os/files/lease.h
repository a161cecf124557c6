/* SPDX-License-Identifier: BSD-2-Clause */
/* Leases (F_SETLEASE): the holder of one hears it before somebody else opens its file, or cuts it, and is waited for.  A lease belongs to
 * an open file and goes with it.  One for reading lets others open for reading; one for writing lets nobody.
 *
 * A lease that somebody wants gone is broken: it is to become what `target` says, and does so by itself after LEASE_BREAK_US.
 * node.leases counts those of a node.  Cost: LEASES; finding who else has a file open costs all open files.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "os/core/wait.h"

struct file;
struct node;

/* As Linux numbers them. */
enum lease_type { LEASE_READ, LEASE_WRITE, LEASE_NONE };
enum { LEASES = 64, LEASE_BREAK_US = 45000000 };

/* What the file has: what it is to become, while it is broken. */
enum lease_type lease_type(const struct file *f);

/* It gets that one, or loses it: 0; -SOS_EAGAIN when others have the file open in a way that it excludes, or there is none to lose;
 * -SOS_ENOLCK without free records. */
long lease_set(struct file *f, enum lease_type type);

/* The open file goes. */
void lease_forget(const struct file *f);

/* Somebody wants to open that file, to write or not: the next lease that is in the way and was not broken yet is; NULL: all are. */
struct file *lease_break(const struct node *n, bool write);

/* When the last lease that is in the way goes by itself, 0: none is.  Those whose time is over go now. */
uint64_t lease_end(const struct node *n, bool write);

/* Where to wait until some have gone. */
struct wait_queue *lease_queue(void);
