/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files whose owner gets a signal when bytes come or can be written (O_ASYNC): pipes, sockets, terminals.
 *
 * Files know no processes: the server asks after each message what has happened (file_told_next), as long as there is such a file.
 * Cost: of that, TOLD; of turning it on or off, the same.
 */
#pragma once

#include "os/files/file.h"

enum { TOLD = 64 };

/* How many there are. */
extern unsigned file_told_count;

/* Turn it on or off; 0, also for a file that never tells anything; -SOS_ENOLCK: there are too many. */
long file_told_set(struct file *f, bool on);

/* The open file goes. */
void file_told_forget(struct file *f);

/* The next file from *at on (which begins at 0) that something happened to, NULL behind the last; *writable: it can be written now, else
 * read. */
struct file *file_told_next(unsigned *at, bool *writable);
