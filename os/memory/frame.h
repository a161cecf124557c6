/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of RAM for processes and files: those of the frame table, by numbers of 32 bits that fit many to a page.
 *
 * Taking one may evict pages of processes (swap.h), so few are ever missing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <frames/frame_table.h>

typedef uint32_t frame_id; /* 0: none */

/* A frame with undefined content, or one full of zeros; one user.  0 when memory is out or the limit is reached; then
 * swap_awaited says whether it is worth trying again. */
frame_id frame_take(void);
frame_id frame_take_zero(void);

/* Something with frames goes, piece by piece (1), or has gone (-1): while something does, there will be more memory, and those who
 * wait for it (swap_queue) are rung for with each piece. */
void frame_come(int more);
bool frame_comes(void);

/* One user less (frame_share: one more). */
static inline void frame_drop(frame_id f)
{
        free_frame(f);
}

/* Transfers (pins) are users, too, but do not share the content. */
static inline bool frame_shared(frame_id f)
{
        const frame_t *frame = frame_from_ref(f);

        return frame->users - frame->pins > 1;
}

/* For devices. */
static inline uint64_t frame_paddr(frame_id f)
{
        return ut_paddr(frame_from_ref(f)->ut);
}
