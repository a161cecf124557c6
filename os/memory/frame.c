/* SPDX-License-Identifier: BSD-2-Clause */
/* See frame.h.  Numbers 0 to FRAME_GROUP - 1 are no frames: the records of the first two are the heads of the lists. */
#include "os/memory/frame.h"
#include "base/text.h"
#include "os/core/object.h"
#include "os/memory/swap.h"

enum { DIRTY = 0, ZERO = 1, PREPARE = 8, READY_MAX = 2048, GROUPS = FRAME_NUMBERS / FRAME_GROUP };

static struct {
        size_t used, free, zero, most, keep;
        uint32_t groups;   /* that have had a number so far */
        uint32_t bare;     /* a group without frames, and so on by `next` of its first record; 0: none */
        seL4_Word records; /* bytes of records that exist */
        int coming;
} frames;

void frame_init(void)
{
        frames.most = FRAMES_MAX - 1;
        frames.keep = ut_size() / PAGE / FRAME_FREE_PART;
        frames.groups = 1;
        if (vspace_new_pages(&root_vspace, FRAMES_RECORDS, 1, VSPACE_RW))
                frames.records = PAGE;
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
        return (struct frame_counts){frames.used, frames.free, frames.most};
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

static void enlist(frame_id f, uint32_t list)
{
        struct frame *r = frame_record(f), *head = frame_record(list);

        r->next = head->next;
        r->before = list;
        frame_record(head->next)->before = f;
        head->next = f;
        frames.free++;
        r->zero = list == ZERO;
        frames.zero += r->zero;
        first_of(f)->group_free++;
}

static void delist(frame_id f)
{
        struct frame *r = frame_record(f);

        frame_record(r->before)->next = r->next;
        frame_record(r->next)->before = r->before;
        frames.free--;
        frames.zero -= r->zero;
        first_of(f)->group_free--;
}

/* --- groups --- */

/* The server's own tables are made when one is missing, and stay. */
static bool show(seL4_CPtr cap, seL4_Word va)
{
        seL4_ARM_VMAttributes attributes = seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever;
        int error;

        while ((error = seL4_ARM_Page_Map(cap, root_vspace.root, va, seL4_ReadWrite, attributes)) ==
               seL4_FailedLookup) {
                struct object table;

                if (!object_make(&table, seL4_ARM_PageTableObject, 0))
                        return false;
                if (seL4_ARM_PageTable_Map(table.cap, root_vspace.root, va, seL4_ARM_Default_VMAttributes)) {
                        object_free(&table);
                        return false;
                }
        }
        return !error;
}

/* All capabilities of a group go at once, with its untyped memory's children; the slots are empty then. */
static void unmake(frame_id f, unsigned size)
{
        struct frame *first = frame_record(f);

        cspace_revoke(&root_cspace, first->memory->cap);
        for (unsigned i = 0; i < size; i++) {
                cspace_free_slot(&root_cspace, frame_record(f + i)->cap);
                cspace_free_slot(&root_cspace, frame_record(f + i)->lent);
                frame_record(f + i)->cap = frame_record(f + i)->lent = 0;
        }
        ut_free(first->memory);
        first->memory = NULL;
        first->next = frames.bare;
        frames.bare = f;
}

static bool make_caps(frame_id f, unsigned size, seL4_CPtr slot)
{
        for (unsigned i = 0; i < size; i++) {
                struct frame *r = frame_record(f + i);

                if (cspace_copy(&root_cspace, r->lent, &root_cspace, r->cap, seL4_AllRights) ||
                    !show(r->cap, (seL4_Word)frame_data(f + i)))
                        return false;
        }
        return slot;
}

static bool make_group(frame_id f, unsigned size)
{
        struct frame *first = frame_record(f);
        seL4_CPtr slot = cspace_alloc_slots(&root_cspace, 2 * size);

        for (unsigned i = 0; i < size; i++) {
                *frame_record(f + i) = (struct frame){.cap = slot ? (uint32_t)(slot + i) : 0,
                                                      .lent = slot ? (uint32_t)(slot + size + i) : 0};
        }
        first->memory = slot ? ut_alloc(seL4_PageBits + (size > 1 ? 4 : 0), NULL) : NULL;
        if (first->memory &&
            !cspace_untyped_retype_n(&root_cspace, first->memory->cap, slot, seL4_ARM_SmallPageObject,
                                     seL4_PageBits, size) &&
            make_caps(f, size, slot))
                return true;
        if (first->memory) {
                unmake(f, size);
                return false;
        }
        for (unsigned i = 0; slot && i < 2 * size; i++)
                cspace_free_slot(&root_cspace, slot + i);
        first->next = frames.bare;
        frames.bare = f;
        return false;
}
_Static_assert(FRAME_GROUP == 1 << 4, "bits of a group");

/* A number for a group, with records; 0 when they are out. */
static frame_id group_number(void)
{
        frame_id f = frames.bare;

        if (f) {
                frames.bare = frame_record(f)->next;
                return f;
        }
        if (frames.groups == GROUPS)
                return 0;
        f = frames.groups * FRAME_GROUP;
        if ((f + FRAME_GROUP) * sizeof(struct frame) > frames.records) {
                if (!vspace_new_pages(&root_vspace, FRAMES_RECORDS + frames.records, 1, VSPACE_RW))
                        return 0;
                frames.records += PAGE;
        }
        frames.groups++;
        return f;
}

/* More frames, full of zeros. */
static bool make_some(void)
{
        unsigned size = ut_available() >= FRAME_GROUP * PAGE ? FRAME_GROUP : 1;
        frame_id f = ut_available() >= PAGE ? group_number() : 0;

        if (!f)
                return false;
        if (!make_group(f, size)) {
                f = size > 1 ? group_number() : 0;
                size = 1;
                if (!f || !make_group(f, size))
                        return false;
        }
        for (unsigned i = 0; i < size; i++)
                enlist(f + i, ZERO);
        return true;
}

/* It is all free. */
static void give_back(frame_id f, unsigned size)
{
        for (unsigned i = 0; i < size; i++)
                delist(f + i);
        unmake(f, size);
}

static unsigned group_size(frame_id first)
{
        return frame_record(first + 1)->cap ? FRAME_GROUP : 1;
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

static frame_id take(uint32_t list)
{
        frame_id f;

        if (frames.used >= frames.most || (!frames.free && !make_some()))
                return 0;
        if (frame_record(list)->next == list)
                list = DIRTY + ZERO - list;
        f = frame_record(list)->next;
        delist(f);
        frames.used++;
        frame_record(f)->users = 1;
        frame_record(f)->pins = 0;
        return f;
}

static frame_id take_or_evict(uint32_t list)
{
        frame_id f = take(list);

        if (!f && swap_make_room())
                f = take(list);
        if (f)
                swap_keep_ahead();
        else if (frame_comes())
                swap_await();
        return f;
}

frame_id frame_take(void)
{
        return take_or_evict(DIRTY);
}

frame_id frame_take_zero(void)
{
        frame_id f = take_or_evict(ZERO);

        if (f && !frame_record(f)->zero)
                clear(frame_data(f));
        return f;
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
        frames.used--;
        enlist(f, DIRTY);
        if (frames.free > frames.keep && frame_record(first)->group_free == group_size(first))
                give_back(first, group_size(first));
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

                clear(frame_data(f));
                delist(f);
                enlist(f, ZERO);
        }
        if (frames.free == frames.zero && wants_more() && !make_some())
                return false;
        return frame_wants_prepared();
}
