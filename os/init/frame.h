/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of RAM for processes: 4 KiB each, all mapped in the root task too, counted by their users.
 *
 * They come in slabs of 512, one 2 MiB piece of untyped memory each, and a slab is given back when its last frame is
 * free (one is kept).  Frame 0 of a slab holds the slab's own record, so frame numbers are never 0.
 */
#pragma once

#include <stdint.h>

#include <sel4/sel4.h>

#include "os/init/window.h"

typedef uint32_t frame_id; /* 0: none */

bool frame_init(void);

/* A frame with undefined content, or one full of zeros; one user.  0 when memory is out or the limit is reached. */
frame_id frame_take(void);
frame_id frame_take_zero(void);

/* One user more, one user less. */
void frame_share(frame_id f);
void frame_drop(frame_id f);
uint32_t frame_users(frame_id f);

/* The root task's capability; copy it to map the frame elsewhere. */
seL4_CPtr frame_cap(frame_id f);

static inline void *frame_data(frame_id f)
{
        return (void *)(WINDOW_FRAMES + ((seL4_Word)f << seL4_PageBits));
}

/* The frame of a pointer that frame_data gave. */
static inline frame_id frame_of(const void *data)
{
        return (frame_id)(((seL4_Word)data - WINDOW_FRAMES) >> seL4_PageBits);
}

struct frame_counts {
        seL4_Word used, free, limit;
};
struct frame_counts frame_counts(void);
void frame_limit(seL4_Word limit);
