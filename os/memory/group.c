/* SPDX-License-Identifier: BSD-2-Clause */
/* See group.h.  Number 0 is no group: the records of its first two frames are the heads of frame.c's lists. */
#include "os/memory/group.h"
#include "os/core/object.h"
#include "sel4/report.h"

enum { GROUP_BITS = 4, GROUPS = FRAME_NUMBERS / FRAME_GROUP, TABLE_FRAMES = 512, SLOTS_LEFT_PART = 16 };

_Static_assert(FRAME_GROUP == 1 << GROUP_BITS, "bits of a group");

static struct {
        uint32_t known;    /* groups that have had a number so far */
        uint32_t bare;     /* a number without frames, and so on by `next` of its record; 0: none */
        uint32_t large;    /* the same for large groups */
        seL4_Word records; /* bytes of records that exist */
        uint32_t tables;   /* of the server's view; numbers are first given out in order */
} groups;

void group_init(void)
{
        groups.known = 1;
        if (vspace_new_pages(&root_vspace, FRAMES_RECORDS, 1, VSPACE_RW))
                groups.records = PAGE;
}

/* The server's own tables are made when one is missing, and stay. */
static bool show(frame_id f)
{
        seL4_ARM_VMAttributes attributes = seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever;
        struct frame *r = frame_record(f);
        seL4_Word va = FRAMES_PLACE + (seL4_Word)f * PAGE;
        int error;

        if (cspace_copy(&root_cspace, r->own, &root_cspace, r->lent, seL4_AllRights))
                return false;
        while ((error = seL4_ARM_Page_Map(r->own, root_vspace.root, va, seL4_ReadWrite, attributes)) ==
               seL4_FailedLookup) {
                struct object table;

                if (!object_make(&table, seL4_ARM_PageTableObject, 0))
                        return false;
                if (seL4_ARM_PageTable_Map(table.cap, root_vspace.root, va, seL4_ARM_Default_VMAttributes)) {
                        object_free(&table);
                        return false;
                }
        }
        r->shown = !error;
        return !error;
}

/* Neither slots nor tables are missing: the slot is the frame's, and the table was made with the first group that needs it. */
void frame_show(frame_id f)
{
        if (show(f))
                return;
        report("frame %u: the server cannot map it, though it has the slot and the table", f);
        __builtin_trap();
}

/* The table for the server's view of a group exists. */
static bool has_table(frame_id f)
{
        if (f / TABLE_FRAMES < groups.tables)
                return true;
        if (!show(f))
                return false;
        groups.tables = f / TABLE_FRAMES + 1;
        return true;
}

/* Slots side by side.  The last ones are for other objects, as the last memory is (ut_available). */
static seL4_CPtr take_slots(unsigned n)
{
        size_t all = cspace_capacity(&root_cspace), left = all - cspace_used_slots(&root_cspace);

        return left >= all / SLOTS_LEFT_PART + n ? cspace_alloc_slots(&root_cspace, n) : seL4_CapNull;
}

static void put_number(frame_id f, uint32_t *list)
{
        frame_record(f)->next = *list;
        *list = f;
}

/* Records for the next numbers, so many groups. */
static bool has_records(uint32_t more)
{
        while ((groups.known + more) * FRAME_GROUP * sizeof(struct frame) > groups.records) {
                if (!vspace_new_pages(&root_vspace, FRAMES_RECORDS + groups.records, 1, VSPACE_RW))
                        return false;
                groups.records += PAGE;
        }
        return true;
}

/* A number for a group, with records; 0 when they are out. */
static frame_id take_number(void)
{
        frame_id f = groups.bare;

        if (f) {
                groups.bare = frame_record(f)->next;
                return f;
        }
        if (groups.known == GROUPS || !has_records(1))
                return 0;
        return groups.known++ * FRAME_GROUP;
}

/* All capabilities go at once, with the untyped memory's children; the slots, which lie side by side, are empty then. */
static void unmake(frame_id f, unsigned size)
{
        struct frame *first = frame_record(f);

        cspace_revoke(&root_cspace, first->memory->cap);
        cspace_free_emptied(&root_cspace, first->lent, 2 * size);
        ut_free(first->memory);
        for (unsigned i = 0; i < size; i++)
                frame_record(f + i)->lent = frame_record(f + i)->own = 0;
        first->memory = NULL;
        put_number(f, &groups.bare);
}

/* The memory for the frames is available. */
static bool make_frames(frame_id f, unsigned size, seL4_CPtr slot, ut_t *memory)
{
        for (unsigned i = 0; i < size; i++)
                *frame_record(f + i) =
                        (struct frame){.lent = (uint32_t)(slot + i), .own = (uint32_t)(slot + size + i)};
        frame_record(f)->memory = memory;
        return !cspace_untyped_retype_n(&root_cspace, memory->cap, slot, seL4_ARM_SmallPageObject,
                                        seL4_PageBits, size) &&
               has_table(f);
}

/* False: nothing has changed, and the number is nobody's again. */
static bool make_at(frame_id f, unsigned size)
{
        seL4_CPtr slot = take_slots(2 * size);
        ut_t *memory = slot ? ut_alloc(seL4_PageBits + (size > 1 ? GROUP_BITS : 0), NULL) : NULL;

        if (!memory) {
                if (slot)
                        cspace_free_emptied(&root_cspace, slot, 2 * size);
                put_number(f, &groups.bare);
                return false;
        }
        if (make_frames(f, size, slot, memory))
                return true;
        unmake(f, size);
        return false;
}

frame_id group_make(unsigned *size)
{
        frame_id f;

        *size = ut_available() >= FRAME_GROUP * PAGE ? FRAME_GROUP : 1;
        f = ut_available() >= PAGE ? take_number() : 0;
        if (!f || make_at(f, *size))
                return f;
        f = *size > 1 ? take_number() : 0;
        *size = 1;
        return f && make_at(f, 1) ? f : 0;
}

void group_give_back(frame_id first)
{
        unmake(first, group_size(first));
}

/* --- large groups --- */

/* Numbers before the next multiple are left to small groups; their table exists, or none of it has a number yet. */
static frame_id take_large_number(void)
{
        enum { EACH = FRAME_LARGE / FRAME_GROUP, LAST = GROUPS / 2 };
        frame_id f = groups.large;

        if (f) {
                groups.large = frame_record(f)->next;
                return f;
        }
        if (groups.known + 2 * EACH > LAST || !has_records(2 * EACH))
                return 0;
        while (groups.known % EACH)
                put_number(groups.known++ * FRAME_GROUP, &groups.bare);
        groups.known += EACH;
        return (groups.known - EACH) * FRAME_GROUP;
}

/* The memory is available.  The server maps it at once, since its table may be missing later. */
static bool make_large(frame_id f, seL4_CPtr slot, ut_t *memory)
{
        for (unsigned i = 0; i < FRAME_LARGE; i++)
                *frame_record(f + i) = (struct frame){.users = 1, .large = 1};
        frame_record(f)->lent = (uint32_t)slot;
        frame_record(f)->own = (uint32_t)slot + 1;
        frame_record(f)->memory = memory;
        if (cspace_untyped_retype_n(&root_cspace, memory->cap, slot, seL4_ARM_LargePageObject,
                                    seL4_LargePageBits, 1) ||
            !show(f))
                return false;
        for (unsigned i = 0; i < FRAME_LARGE; i++)
                frame_record(f + i)->shown = 1;
        return true;
}

void group_give_back_large(frame_id f)
{
        struct frame *first = frame_record(f);

        cspace_revoke(&root_cspace, first->memory->cap);
        cspace_free_emptied(&root_cspace, first->lent, 2);
        ut_free(first->memory);
        put_number(f, &groups.large);
}

frame_id group_make_large(void)
{
        frame_id f = take_large_number();
        seL4_CPtr slot = f ? take_slots(2) : 0;
        ut_t *memory = slot ? ut_alloc(seL4_LargePageBits, NULL) : NULL;

        if (memory) {
                if (make_large(f, slot, memory))
                        return f;
                group_give_back_large(f);
                return 0;
        }
        if (slot)
                cspace_free_emptied(&root_cspace, slot, 2);
        if (f)
                put_number(f, &groups.large);
        return 0;
}
