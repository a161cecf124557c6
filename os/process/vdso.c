/* SPDX-License-Identifier: BSD-2-Clause */
/* See vdso.h.  Owns the page: a share that nobody else uses, whose frame stays. */
#include "os/process/vdso.h"
#include "base/text.h"
#include "os/device/board.h"
#include "os/process/vdso_page.h"
#include "sos/clock.h"

extern const unsigned char vdso_image[], vdso_image_end[];

static struct share *share;

bool vdso_make(void)
{
        frame_id frame;
        struct vdso_data *data;

        share = share_make();
        frame = share ? share_frame(share, 0) : 0;
        if (!frame)
                return false;
        memcpy(frame_data(frame), vdso_image, (size_t)(vdso_image_end - vdso_image));
        data = (void *)(frame_data(frame) + VDSO_DATA);
        data->hertz = timestamp_get_freq();
        board_tell_epoch(&data->epoch);
        return true;
}

bool vdso_add(struct space *s)
{
        struct region r = {.start = VDSO_START,
                           .end = VDSO_START + PAGE,
                           .access = SPACE_READ | SPACE_EXECUTE,
                           .kind = REGION_SHARED,
                           .never = SPACE_WRITE,
                           .share = share,
                           .file_start = VDSO_START};

        if (!space_add(s, r))
                return false;
        region_use(&r);
        return true;
}

bool vdso_is(const struct region *r)
{
        return r->kind == REGION_SHARED && r->share == share;
}
