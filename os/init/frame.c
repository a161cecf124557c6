/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame table; see frame.h. */
#include "os/init/frame.h"
#include "base/text.h"
#include "os/init/memory.h"

enum { SLAB_BITS = 9, SLAB_FRAMES = 1 << SLAB_BITS, SLABS = 384 };

/* Lives in frame 0 of its slab. */
struct record {
        struct object frames; /* all 512: the first slot and the memory */
        uint32_t used, first_free;
        uint16_t users[SLAB_FRAMES];
        uint16_t next_free[SLAB_FRAMES]; /* 0 ends the list */
};
_Static_assert(sizeof(struct record) <= 1 << seL4_PageBits, "the record fits its frame");

static struct {
        bool present[SLABS];
        seL4_Word used, slabs, limit;
        seL4_Word hint; /* no slab below it has a free frame */
} frames = {.limit = SLABS * SLAB_FRAMES};

static struct record *record(seL4_Word slab)
{
        return frame_data((frame_id)(slab << SLAB_BITS));
}

static struct record *record_of(frame_id f)
{
        return record(f >> SLAB_BITS);
}

static bool map_slab(const struct object *o, seL4_Word slab)
{
        for (seL4_Word i = 0; i < SLAB_FRAMES; i++) {
                if (!window_map(o->cap + i,
                                (seL4_Word)frame_data((frame_id)(slab << SLAB_BITS)) + (i << seL4_PageBits),
                                seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever))
                        return false;
        }
        return true;
}

static bool slab_make(seL4_Word slab)
{
        struct object o;
        struct record *r = record(slab);

        if (!objects_make(&o, seL4_ARM_SmallPageObject, seL4_PageBits, SLAB_BITS + seL4_PageBits,
                          SLAB_FRAMES))
                return false;
        if (!map_slab(&o, slab)) {
                objects_free(&o, SLAB_FRAMES);
                return false;
        }
        memset(r, 0, sizeof(*r));
        r->frames = o;
        r->first_free = 1;
        for (uint32_t i = 1; i < SLAB_FRAMES - 1; i++)
                r->next_free[i] = (uint16_t)(i + 1);
        frames.present[slab] = true;
        frames.slabs++;
        return true;
}

static void slab_free(seL4_Word slab)
{
        struct object o = record(slab)->frames;

        objects_free(&o, SLAB_FRAMES);
        frames.present[slab] = false;
        frames.slabs--;
}

bool frame_init(void)
{
        return slab_make(0);
}

static frame_id take_from(seL4_Word slab)
{
        struct record *r = record(slab);
        uint32_t i = r->first_free;

        r->first_free = r->next_free[i];
        r->users[i] = 1;
        r->used++;
        frames.used++;
        frames.hint = slab;
        return (frame_id)(slab << SLAB_BITS | i);
}

frame_id frame_take(void)
{
        if (frames.used >= frames.limit)
                return 0;
        for (seL4_Word slab = frames.hint; slab < SLABS; slab++) {
                if (!frames.present[slab] && !slab_make(slab))
                        return 0;
                if (record(slab)->first_free)
                        return take_from(slab);
        }
        return 0;
}

frame_id frame_take_zero(void)
{
        frame_id f = frame_take();

        if (f)
                memset(frame_data(f), 0, bit(seL4_PageBits));
        return f;
}

static uint16_t *users(frame_id f)
{
        return &record_of(f)->users[f & (SLAB_FRAMES - 1)];
}

void frame_share(frame_id f)
{
        ++*users(f);
}

void frame_drop(frame_id f)
{
        struct record *r = record_of(f);
        uint32_t i = f & (SLAB_FRAMES - 1);
        seL4_Word slab = f >> SLAB_BITS;

        if (--r->users[i] > 0)
                return;
        r->next_free[i] = (uint16_t)r->first_free;
        r->first_free = i;
        frames.used--;
        if (slab < frames.hint)
                frames.hint = slab;
        if (--r->used == 0 && slab > 0)
                slab_free(slab);
}

uint32_t frame_users(frame_id f)
{
        return *users(f);
}

seL4_CPtr frame_cap(frame_id f)
{
        return record_of(f)->frames.cap + (f & (SLAB_FRAMES - 1));
}

struct frame_counts frame_counts(void)
{
        return (struct frame_counts){frames.used, frames.slabs * (SLAB_FRAMES - 1) - frames.used,
                                     frames.limit};
}

void frame_limit(seL4_Word limit)
{
        frames.limit = limit;
}
