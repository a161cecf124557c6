/* SPDX-License-Identifier: BSD-2-Clause */
/* See frame.h. */
#include "os/memory/frame.h"
#include "base/text.h"
#include "os/memory/swap.h"

static int coming;

void frame_come(int more)
{
        coming += more;
}

bool frame_comes(void)
{
        return coming > 0;
}

frame_id frame_take(void)
{
        frame_id f = (frame_id)alloc_frame();

        if (!f && swap_make_room())
                f = (frame_id)alloc_frame();
        if (f)
                swap_keep_ahead();
        else if (frame_comes())
                swap_await();
        return f;
}

frame_id frame_take_zero(void)
{
        frame_id f = frame_take();

        if (f)
                memset(frame_data(f), 0, PAGE);
        return f;
}
