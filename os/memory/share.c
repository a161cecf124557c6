/* SPDX-License-Identifier: BSD-2-Clause */
/* See share.h. */
#include "os/memory/share.h"
#include "base/text.h"

enum { PIECE_PAGES = 10 };

static struct share shares[SHARES];
static unsigned leaving; /* without users, but not without frames */

struct share *share_make(void)
{
        for (unsigned i = 0; i < SHARES; i++) {
                if (shares[i].used)
                        continue;
                shares[i] = (struct share){.users = 1, .used = true};
                return &shares[i];
        }
        return NULL;
}

void share_use(struct share *s)
{
        s->users++;
}

/* One piece; true: all has gone. */
static bool drop_some(struct share *s)
{
        unsigned left = PIECE_PAGES;

        for (unsigned c = 0; c < SHARE_CHUNKS; c++) {
                frame_id *frame = s->chunk[c] ? (frame_id *)frame_data(s->chunk[c]) : NULL;

                for (unsigned i = 0; frame && i < SHARE_CHUNK_PAGES; i++) {
                        if (frame[i] && left-- == 0)
                                return false;
                        frame_drop(frame[i]);
                        frame[i] = 0;
                }
                frame_drop(s->chunk[c]);
                s->chunk[c] = 0;
        }
        s->used = false;
        return true;
}

void share_drop(struct share *s)
{
        if (--s->users > 0 || drop_some(s))
                return;
        leaving++;
        frame_come(1);
}

bool share_leaving(void)
{
        return leaving > 0;
}

bool share_leave_some(void)
{
        for (unsigned i = 0; leaving && i < SHARES; i++) {
                if (!shares[i].used || shares[i].users)
                        continue;
                if (drop_some(&shares[i])) {
                        leaving--;
                        frame_come(-1);
                }
                break;
        }
        return leaving > 0;
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
