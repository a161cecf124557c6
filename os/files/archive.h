/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of the archive's files in frames of their own, so that all processes that run a program of it have the same ones.
 *
 * One is made when a process first needs it, while memory is plenty (os/memory/space_files.c).  They never change, and those that no
 * process has go when memory is short.
 */
#pragma once

#include <stdbool.h>

#include "os/memory/frame.h"

enum { ARCHIVE_PAGES = 1 << 14 }; /* from its beginning on */

/* Once: where the archive begins. */
void archive_begin(const void *start);

/* The frame of a page of a file, whose bytes these are, all of them; 0: it has none.  The second one makes it then. */
frame_id archive_frame(const unsigned char *bytes);
frame_id archive_make_frame(const unsigned char *bytes);

/* How many there are; the frames in use besides. */
size_t archive_frames(void);
static inline size_t archive_others(void)
{
        return frame_counts().used - archive_frames();
}

/* That of a page goes, if nobody has it.  One that nobody has goes; false: none was found, among all of them, or among the next few. */
void archive_drop(const unsigned char *bytes);
bool archive_leave(bool all);
