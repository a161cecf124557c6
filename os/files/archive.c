/* SPDX-License-Identifier: BSD-2-Clause */
/* See archive.h.  Files lie one behind the other, at any address, so two of their pages never begin in the same page of the archive. */
#include "os/files/archive.h"
#include "base/text.h"

enum { FEW = 64 };

static struct {
        const unsigned char *start;
        frame_id frame[ARCHIVE_PAGES];  /* by where its bytes begin; 0: none */
        uint16_t number[ARCHIVE_PAGES]; /* of one that has a frame, among those */
        uint16_t place[ARCHIVE_PAGES];  /* of each number */
        uint32_t count;
        uint32_t hand; /* goes round */
} archive;
_Static_assert(ARCHIVE_PAGES <= UINT16_MAX + 1, "places are 16 bits");

void archive_begin(const void *start)
{
        archive.start = start;
}

static size_t place_of(const unsigned char *bytes)
{
        return (size_t)(bytes - archive.start) / PAGE;
}

frame_id archive_frame(const unsigned char *bytes)
{
        size_t at = place_of(bytes);

        return at < ARCHIVE_PAGES ? archive.frame[at] : 0;
}

frame_id archive_make_frame(const unsigned char *bytes)
{
        size_t at = place_of(bytes);
        frame_id f = archive_frame(bytes);

        if (f || at >= ARCHIVE_PAGES)
                return f;
        f = frame_take_apart();
        if (!f)
                return 0;
        memcpy(frame_data(f), bytes, PAGE);
        archive.frame[at] = f;
        archive.number[at] = (uint16_t)archive.count;
        archive.place[archive.count++] = (uint16_t)at;
        return f;
}

size_t archive_frames(void)
{
        return archive.count;
}

/* False: somebody has it. */
static bool drop(uint32_t number)
{
        frame_id *f = &archive.frame[archive.place[number]];
        uint16_t last = archive.place[archive.count - 1];

        if (frame_users(*f) > 1)
                return false;
        frame_drop(*f);
        *f = 0;
        archive.place[number] = last;
        archive.number[last] = (uint16_t)number;
        archive.count--;
        return true;
}

void archive_drop(const unsigned char *bytes)
{
        if (archive_frame(bytes))
                drop(archive.number[place_of(bytes)]);
}

bool archive_leave(bool all)
{
        for (uint32_t i = 0; i < archive.count && (all || i < FEW); i++) {
                archive.hand = archive.hand + 1 < archive.count ? archive.hand + 1 : 0;
                if (drop(archive.hand))
                        return true;
        }
        return false;
}
