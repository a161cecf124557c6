/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of RAM for processes and files: those of the frame table, by numbers of 32 bits that fit many to a page. */
#pragma once

#include <stdint.h>

#include <frames/frame_table.h>

typedef uint32_t frame_id; /* 0: none */

/* A frame with undefined content, or one full of zeros; one user.  0 when memory is out or the limit is reached. */
static inline frame_id frame_take(void)
{
        return (frame_id)alloc_frame();
}

static inline frame_id frame_take_zero(void)
{
        return (frame_id)alloc_zeroed_frame();
}

/* One user less (frame_share: one more). */
static inline void frame_drop(frame_id f)
{
        free_frame(f);
}

/* For devices. */
static inline uint64_t frame_paddr(frame_id f)
{
        return ut_paddr(frame_from_ref(f)->ut);
}
