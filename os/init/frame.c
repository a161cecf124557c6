/* SPDX-License-Identifier: BSD-2-Clause */
/* See frame.h. */
#include "os/init/frame.h"
#include "base/text.h"
#include "os/swap/swap.h"

frame_id frame_take(void)
{
        frame_id f = (frame_id)alloc_frame();

        if (!f && swap_make_room())
                f = (frame_id)alloc_frame();
        if (f)
                swap_keep_ahead();
        return f;
}

frame_id frame_take_zero(void)
{
        frame_id f = frame_take();

        if (f)
                memset(frame_data(f), 0, PAGE);
        return f;
}
