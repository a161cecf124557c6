/* SPDX-License-Identifier: BSD-2-Clause */
/* Who hears by a signal what happens in a directory (F_NOTIFY of Linux, before there was inotify): the owner of an open file of it.
 *
 * Files know no processes: the server asks after each message who is to be told (dnotify_next), as long as there is such a file.
 * Cost: of all, DNOTIFIES.
 */
#pragma once

#include "os/files/file.h"

enum { DNOTIFIES = 32 };

/* As programs name them. */
enum {
        DNOTIFY_READ = 1,
        DNOTIFY_WRITTEN = 2,
        DNOTIFY_MADE = 4,
        DNOTIFY_REMOVED = 8,
        DNOTIFY_RENAMED = 16,
        DNOTIFY_CHANGED = 32,
        DNOTIFY_ALL = 63
};
#define DNOTIFY_AGAIN (1u << 31) /* not only the first time */

/* How many files tell, and how many of them have something to tell. */
extern unsigned dnotify_count, dnotify_due;

/* The file tells process `by` of these as well; none of them: of nothing any more.  0 or -SOS_ENOSPC. */
long dnotify_set(struct file *f, int by, uint32_t wanted);

/* That process lets go of the file; nobody has it any more. */
void dnotify_forget(const struct file *f, int by);
void dnotify_forget_all(const struct file *f);

/* That has happened to a name in the directory (NOTICE_... of notice.h). */
void dnotify_tell(const struct node *directory, uint32_t what);

/* The next file whose owner is to be told, from *at on (which begins at 0); NULL behind the last. */
const struct file *dnotify_next(unsigned *at);
