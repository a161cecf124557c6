/* SPDX-License-Identifier: BSD-2-Clause */
/* See frame.h.  Numbers 0 to FRAME_GROUP - 1 are no frames: the records of the first two are the heads of the lists. */
#include "os/memory/frame.h"
#include "base/text.h"
#include "os/files/later.h"
#include "os/memory/group.h"
#include "os/memory/swap.h"

enum { DIRTY = 0, ZERO = 1, PREPARE = 8, READY_MAX = 2048, LARGE_PART = 4 };

static struct {
        size_t used, free, zero, most, keep, files, large;
        int coming;
} frames;

void frame_init(void)
{
        frames.most = FRAMES_MAX - 1;
        frames.keep = ut_size() / PAGE / FRAME_FREE_PART;
        group_init();
        frame_record(ZERO)->next = frame_record(ZERO)->before = ZERO;
}

void frame_limit(size_t most)
{
        frames.most = most && most < FRAMES_MAX ? most : FRAMES_MAX - 1;
}

void frame_aside(long count)
{
        frames.used -= (size_t)count;
}

struct frame_counts frame_counts(void)
{
        return (struct frame_counts){frames.used, frames.free, frames.most, frames.files, frames.large};
}

size_t frame_total(void)
{
        struct frame_counts c = frame_counts();
        size_t all = c.used + c.free + ut_available() / PAGE;

        return all < c.limit ? all : c.limit;
}

size_t frame_available(void)
{
        size_t below = frames.most > frames.used ? frames.most - frames.used : 0,
               there = frames.free + ut_available() / PAGE;

        return below < there ? below : there;
}

void frame_come(int more)
{
        frames.coming += more;
}

bool frame_comes(void)
{
        return frames.coming > 0;
}

/* --- lists --- */

static struct frame *first_of(frame_id f)
{
        return frame_record(f & ~(frame_id)(FRAME_GROUP - 1));
}

/* Behind which one: next to the frame before it or, in its group, the one behind it, so that those which are taken one after the other lie
 * together in memory (hold.h); those that the server has never looked into are taken last. */
static frame_id place_of(frame_id f, uint32_t list)
{
        const struct frame *r = frame_record(f), *below = r - 1, *above = r + 1;
        bool zero = list == ZERO;

        if (below->free && below->zero == zero)
                return f - 1;
        if ((f + 1) % FRAME_GROUP && above->free && above->zero == zero)
                return above->before;
        return r->shown ? list : frame_record(list)->before;
}

static void enlist(frame_id f, uint32_t list)
{
        struct frame *r = frame_record(f);
        frame_id before = place_of(f, list), next = frame_record(before)->next;

        r->next = next;
        r->before = before;
        frame_record(next)->before = f;
        frame_record(before)->next = f;
        frames.free++;
        r->free = true;
        r->zero = list == ZERO;
        frames.zero += r->zero;
        first_of(f)->group_free++;
}

static void delist(frame_id f)
{
        struct frame *r = frame_record(f);

        frame_record(r->before)->next = r->next;
        frame_record(r->next)->before = r->before;
        r->free = false;
        frames.free--;
        frames.zero -= r->zero;
        first_of(f)->group_free--;
}

/* --- groups --- */

/* More frames, full of zeros. */
static bool make_some(void)
{
        unsigned size;
        frame_id f = group_make(&size);

        for (unsigned i = 0; f && i < size; i++)
                enlist(f + i, ZERO);
        return f;
}

/* It is all free. */
static void give_back(frame_id f)
{
        for (unsigned i = 0; i < group_size(f); i++)
                delist(f + i);
        group_give_back(f);
}

/* --- frames --- */

static void clear(void *data)
{
        char *end = (char *)data + PAGE;

        for (char *at = data; at < end; at += 128) {
                __asm__ volatile("stp xzr, xzr, [%0]\n\tstp xzr, xzr, [%0, #16]\n\t"
                                 "stp xzr, xzr, [%0, #32]\n\tstp xzr, xzr, [%0, #48]\n\t"
                                 "stp xzr, xzr, [%0, #64]\n\tstp xzr, xzr, [%0, #80]\n\t"
                                 "stp xzr, xzr, [%0, #96]\n\tstp xzr, xzr, [%0, #112]"
                                 :
                                 : "r"(at)
                                 : "memory");
        }
}

/* The first, or from the other end of the list. */
static frame_id take(uint32_t list, bool last)
{
        frame_id f;

        if (frames.used >= frames.most || (!frames.free && !make_some()))
                return 0;
        if (frame_record(list)->next == list)
                list = DIRTY + ZERO - list;
        f = last ? frame_record(list)->before : frame_record(list)->next;
        delist(f);
        frames.used++;
        frame_record(f)->users = 1;
        frame_record(f)->pins = 0;
        frame_record(f)->code = 0;
        return f;
}

static frame_id take_or_evict(uint32_t list, bool last)
{
        frame_id f = take(list, last);

        /* More than one where the limit has become lower. */
        while (!f && (later_make_room(false) || swap_make_room() || later_make_room(true)))
                f = take(list, last);
        if (f)
                swap_keep_ahead();
        else if (frame_comes())
                swap_await();
        return f;
}

frame_id frame_take(void)
{
        frame_id f = take_or_evict(DIRTY, false);

        if (f)
                frame_look(f);
        return f;
}

frame_id frame_take_apart(void)
{
        frame_id f = take_or_evict(DIRTY, true);

        if (f)
                frame_look(f);
        return f;
}

frame_id frame_take_page(void)
{
        frame_id f = take_or_evict(ZERO, false);

        if (f && !frame_record(f)->zero)
                clear(frame_look(f));
        return f;
}

frame_id frame_take_zero(void)
{
        frame_id f = frame_take_page();

        if (f)
                frame_look(f);
        return f;
}

/* A quarter of all at most: who leaves one page of each has all of them. */
frame_id frame_take_large(void)
{
        bool plenty = frame_available() > frame_total() / 2 &&
                      (frames.large + 1) * FRAME_LARGE <= frame_total() / LARGE_PART;
        frame_id f = plenty && frames.most - frames.used > FRAME_LARGE ? group_make_large() : 0;

        frames.used += f ? FRAME_LARGE : 0;
        frames.large += f != 0;
        return f;
}

static void drop_large(frame_id first)
{
        if (++frame_record(first)->next < FRAME_LARGE)
                return;
        frames.used -= FRAME_LARGE;
        frames.large--;
        group_give_back_large(first);
}

void frame_give_to_file(frame_id f)
{
        frames.files += !frame_record(f)->of_file;
        frame_record(f)->of_file = 1;
}

void frame_share(frame_id f)
{
        frame_record(f)->users += f != 0;
}

void frame_drop(frame_id f)
{
        frame_id first = f & ~(frame_id)(FRAME_GROUP - 1);

        if (!f || --frame_record(f)->users > 0)
                return;
        frames.files -= frame_record(f)->of_file;
        frame_record(f)->of_file = 0;
        if (frame_record(f)->large) {
                drop_large(frame_large_first(f));
                return;
        }
        frames.used--;
        enlist(f, DIRTY);
        if (frames.free > frames.keep && frame_record(first)->group_free == group_size(first))
                give_back(first);
}

/* Half of what is kept is made ahead, where memory is plenty. */
static bool wants_more(void)
{
        return frames.free < READY_MAX / 2 && frames.free < frames.most / 8 && ut_available() > ut_size() / 2;
}

bool frame_wants_prepared(void)
{
        return (frames.free > frames.zero && frames.zero < READY_MAX) || wants_more();
}

bool frame_prepare(void)
{
        for (unsigned i = 0; i < PREPARE && frames.free > frames.zero && frames.zero < READY_MAX; i++) {
                frame_id f = frame_record(DIRTY)->next;

                clear(frame_look(f));
                delist(f);
                enlist(f, ZERO);
        }
        if (frames.free == frames.zero && wants_more() && !make_some())
                return false;
        return frame_wants_prepared();
}
