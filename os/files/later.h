/* SPDX-License-Identifier: BSD-2-Clause */
/* Content of files that lies on a disk with a file system of others (volume.h): it is read when somebody wants it, ahead of who reads on,
 * and its frames are given back, the oldest first, when memory is short or they are more than a LATER_PART of it.
 *
 * Of a file with an inode there, page p is on the disk when its entry is 0 and p < on_disk.  An entry is the number of a frame, with
 * LATER_CLEAN when the disk has the same content, or LATER_HOLE: zeros, whatever the disk has.  What a program changed stays in memory
 * until a pass has written it (node_thaw).  Nothing here waits: a page that is on its way makes `swap_awaited` true, and those who wait
 * for it are at swap_queue.  A page that could not be read is -SOS_EIO for whoever asks next.
 */
#pragma once

#include "os/files/node.h"

#define LATER_CLEAN (1u << 31)
#define LATER_HOLE  (1u << 30)

enum {
        LATER_PART = 2,    /* of memory, for pages that are on the disk too */
        LATER_WINDOW = 32, /* pages that are read at once, of a file that is read on and on */
        LATER_WANTS = 32,  /* requests that wait for the program */
        LATER_TRIES = 3    /* programs that a request may outlive */
};

static inline frame_id later_frame(frame_id entry)
{
        return entry & ~(LATER_CLEAN | LATER_HOLE);
}

/* An entry of a page with LATER_CLEAN was copied (1), or goes (-1). */
void later_count(int more, frame_id entry);

/* A program changes the content of a page that has this entry; it stays a hole until it has a frame. */
void later_edit(struct node *n, frame_id *entry);

/* It is shorter than it was: pages from this one on are no longer those of the disk. */
void later_cut(struct node *n, uint64_t keep);

/* Is it on the disk only? */
bool later_is_absent(struct node *n, uint64_t page);

/* It is wanted: -SOS_ENOMEM (and awaited), or -SOS_EIO. */
long later_want(struct node *n, uint64_t page);

/* Are all of these bytes in memory?  0, or as later_want. */
long later_ready(struct node *n, uint64_t offset, size_t size);

/* The entry of a page that is on the disk too and may go; NULL: it is not. */
frame_id *later_clean_entry(struct node *n, uint64_t page);

/* A page that is on the disk too and that no program has goes; false: there is none.  Cost: that of all such pages; so after it has found
 * none, it looks only for those who have no other way (`thorough`), for some calls.  The same with those of the archive. */
bool later_drop_clean(bool thorough);
bool later_make_room(bool thorough);

/* For the program: the request that it was given is done; the next one, false: there is none; a page of it. */
void later_done(void);
struct later_job {
        uint32_t inode;
        uint64_t page, count;
};
bool later_next(struct later_job *job);
bool later_arrives(uint64_t page, const void *bytes);

/* The program has ended, or does not come back. */
void later_again(void);
void later_lose(void);

/* A snapshot was taken of what `n` has, and was written, or not. */
void later_frozen(struct node *n);
void later_written(struct node *n, struct node *copy, bool good);

/* The first page from this one on that a program has changed; the number of pages when there is none. */
uint64_t later_edited(struct node *n, uint64_t page);
