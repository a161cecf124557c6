/* SPDX-License-Identifier: BSD-2-Clause */
/* See share.h. */
#include "os/init/share.h"
#include "base/text.h"

static struct share shares[SHARES];

struct share *share_make(void)
{
        for (unsigned i = 0; i < SHARES; i++) {
                if (shares[i].users)
                        continue;
                shares[i] = (struct share){.users = 1};
                return &shares[i];
        }
        return NULL;
}

void share_use(struct share *s)
{
        s->users++;
}

static void drop_chunk(frame_id chunk)
{
        const frame_id *frame = (const frame_id *)frame_data(chunk);

        for (unsigned i = 0; i < SHARE_CHUNK_PAGES; i++)
                frame_drop(frame[i]);
        frame_drop(chunk);
}

void share_drop(struct share *s)
{
        if (--s->users > 0)
                return;
        for (unsigned i = 0; i < SHARE_CHUNKS; i++) {
                if (s->chunk[i])
                        drop_chunk(s->chunk[i]);
        }
}

frame_id share_frame(struct share *s, seL4_Word page)
{
        frame_id *chunk = &s->chunk[page / SHARE_CHUNK_PAGES], *frame;

        if (!*chunk)
                *chunk = frame_take_zero();
        if (!*chunk)
                return 0;
        frame = (frame_id *)frame_data(*chunk) + page % SHARE_CHUNK_PAGES;
        if (!*frame)
                *frame = frame_take_zero();
        return *frame;
}
