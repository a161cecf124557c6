/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups of frames: made from one piece of untyped memory by one call of the kernel, and given back as one.
 *
 * A group has FRAME_GROUP numbers, of which the first is a multiple of that, and frames for all of them or, where memory is in
 * pieces, for the first one only.  It is known by its first number.  The frames' records are here made and cleared; who has
 * them in between, frame.c knows.
 *
 * Cost: about 7,500 instructions of server and kernel to make one, at most 15,000 to give it back.
 */
#pragma once

#include "os/memory/frame.h"

/* Once. */
void group_init(void);

/* Make a group, full of zeros: its first number, and how many frames it has.  0: no memory, slots or numbers. */
frame_id group_make(unsigned *size);

/* The same for a large group, whose frames all have a user. */
frame_id group_make_large(void);
void group_give_back_large(frame_id first);

/* Of the frames of a group: are there all, or one? */
static inline unsigned group_size(frame_id first)
{
        return frame_record(first + 1)->lent ? FRAME_GROUP : 1;
}

/* Free its memory; none of its frames is in use. */
void group_give_back(frame_id first);
