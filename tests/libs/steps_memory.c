/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps with objects, pieces of memory, pages and frames.
 *
 * Pages carry their own address in their first word: two that share memory by mistake, or one that was replaced, show
 * when it is looked at.
 */
#include "steps.h"

#include <aos/mapping.h>
#include <frames/frame_table.h>

enum { PAGE = 4096, DEVICE_BASE = 0x0a000000 };

static int give_back_object(struct thing *t)
{
        int err = (int)cspace_revoke(&cspace, t->cap);

        return err ? err : (int)ut_free_object(&cspace, t->cap, t->ut);
}

static bool make_object(struct thing *t)
{
        static const struct {
                seL4_Word type, bits;
        } some[] = {
                {seL4_EndpointObject, 0},       {seL4_TCBObject, 0},
                {seL4_NotificationObject, 0},   {seL4_ReplyObject, 0},
                {seL4_ARM_PageTableObject, 0},  {seL4_ARM_LargePageObject, 0},
                {seL4_ARM_SmallPageObject, 0},  {seL4_ARM_VSpaceObject, 0},
                {seL4_SchedContextObject, 8},   {seL4_CapTableObject, 7},
                {seL4_UntypedObject, 13},       {seL4_CapTableObject, 0},
                {seL4_SchedContextObject, 200}, {1000, 0},
        };
        uint64_t n = choose(sizeof(some) / sizeof(some[0]));

        t->type = some[n].type;
        t->ut = ut_new_object(&cspace, &t->cap, some[n].type, some[n].bits);
        return t->ut;
}

/* Makes a copy here or in another CSpace, which is deleted when the object is given back; or deletes all copies. */
static void use_object(struct thing *t)
{
        struct thing *other = choose_thing(SLOTS);
        cspace_t *to = other && choose(2) ? &other->slots : NULL;
        seL4_CPtr slot = to ? cspace_alloc_slot(to) : seL4_CapNull;

        if (!to || !slot)
                (void)cspace_revoke(&cspace, t->cap);
        else if (choose(2))
                (void)cspace_copy(to, slot, &cspace, t->cap, seL4_AllRights);
        else
                (void)cspace_mint(to, slot, &cspace, t->cap, seL4_CanRead, choose(256));
}

const struct step_calls steps_object = {make_object, use_object, give_back_object};

static bool make_piece(struct thing *t)
{
        size_t bits = UT_MIN_BITS + choose(20);

        if (rarely(4))
                t->ut = ut_alloc_at(0x40000000 + (choose(4096) << seL4_PageBits), bits, &cspace);
        else
                t->ut = ut_alloc(bits, &cspace);
        t->cap = seL4_CapNull;
        return t->ut;
}

/* Makes an object in the piece, which then cannot be given back; or deletes it. */
static void use_piece(struct thing *t)
{
        if (t->cap) {
                if (!cspace_delete_and_free(&cspace, t->cap))
                        t->cap = seL4_CapNull;
                return;
        }
        t->cap = cspace_alloc_slot(&cspace);
        if (t->cap && cspace_untyped_retype(&cspace, t->ut->cap, t->cap, seL4_EndpointObject, 0)) {
                cspace_free_slot(&cspace, t->cap);
                if (cspace_is_allocated(&cspace, t->cap))
                        return;
                t->cap = seL4_CapNull;
        }
}

static int unmake_piece(struct thing *t)
{
        if (t->cap)
                use_piece(t);
        return t->cap ? 1 : (int)ut_free_checked(t->ut);
}

const struct step_calls steps_piece = {make_piece, use_piece, unmake_piece};

/* The page is present, and holds what was written to it. */
static bool is_right(seL4_Word page)
{
        vspace_mapping_t m = vspace_lookup(&vspace, page);

        if (m.kind == VSPACE_PAGE && is_touchable(page))
                CHECK_EQUAL(*(volatile seL4_Word *)page, page);
        return m.kind == VSPACE_PAGE;
}

static bool make_pages(struct thing *t)
{
        size_t count = choose_count();
        unsigned large = rarely(16) ? VSPACE_LARGE : 0;
        char *pages =
                vspace_new_pages(&vspace, choose_address(), count, (enum vspace_flags)(VSPACE_RW | large));

        t->at = (seL4_Word)pages;
        t->count = count;
        for (size_t i = 0; pages && i < count && is_touchable(t->at + i * PAGE); i++) {
                CHECK_EQUAL(*(seL4_Word *)(pages + i * PAGE), 0);
                *(seL4_Word *)(pages + i * PAGE) = t->at + i * PAGE;
        }
        return pages;
}

static void share_pages(seL4_Word page, size_t count)
{
        struct thing *other = choose_thing(SPACE);

        if (other && other->space.top) {
                (void)vspace_share(&vspace, (const void *)page, count, &other->space, choose_address(),
                                   choose_flags(), NULL);
        }
}

/* From this page on they are unmapped, a large one as a whole. */
static void drop_pages(struct thing *t, size_t from)
{
        while (t->count > from) {
                vspace_mapping_t m = vspace_lookup(&vspace, t->at + (t->count - 1) * PAGE);

                CHECK(is_right(t->at + (t->count - 1) * PAGE));
                CHECK_EQUAL(vspace_unmap(&vspace, m.vaddr, 1ul << (m.size_bits - seL4_PageBits)), 0);
                t->count -= 1ul << (m.size_bits - seL4_PageBits);
        }
}

static void use_pages(struct thing *t)
{
        uint64_t first = t->count ? choose(t->count) : 0;
        size_t count = t->count - first;
        seL4_Word page = t->at + first * PAGE;

        for (size_t i = 0; i < count; i++)
                CHECK(is_right(page + i * PAGE));
        switch (choose(5)) {
        case 0:
                (void)vspace_protect(&vspace, page, count, choose_flags());
                break;
        case 1:
                (void)vspace_sync_code(&vspace, page, count);
                break;
        case 2:
                drop_pages(t, first);
                break;
        default:
                share_pages(page, choose(count + 2));
                break;
        }
}

static int unmake_pages(struct thing *t)
{
        drop_pages(t, 0);
        return 0;
}

const struct step_calls steps_pages = {make_pages, use_pages, unmake_pages};

static bool make_frame(struct thing *t)
{
        t->at = alloc_frame();
        if (t->at)
                *(seL4_Word *)frame_data(t->at) = t->at;
        return t->at;
}

static void use_frame(struct thing *t)
{
        CHECK_EQUAL(*(seL4_Word *)frame_data(t->at), t->at);
        CHECK(frame_from_ref(t->at)->list_id == ALLOCATED_LIST && frame_page(t->at));
        if (choose(2))
                (void)frame_table_trim();
        else
                free_frame(choose(1000) + 1000000);
}

static int unmake_frame(struct thing *t)
{
        CHECK_EQUAL(*(seL4_Word *)frame_data(t->at), t->at);
        free_frame(t->at);
        CHECK(frame_from_ref(t->at)->list_id == FREE_LIST);
        return 0;
}

const struct step_calls steps_frame = {make_frame, use_frame, unmake_frame};

/* A frame of one's own, mapped with the lecture's call. */
static bool make_mapped(struct thing *t)
{
        t->at = 0x19000000 + (choose(2048) << seL4_PageBits);
        t->ut = ut_new_object(&cspace, &t->cap, seL4_ARM_SmallPageObject, seL4_PageBits);
        if (t->ut) {
                (void)map_frame(&cspace, t->cap, seL4_CapInitThreadVSpace, t->at, seL4_ReadWrite,
                                seL4_ARM_Default_VMAttributes);
        }
        return t->ut;
}

static void use_mapped(struct thing *t)
{
        switch (choose(4)) {
        case 0:
                (void)seL4_ARM_Page_Unmap(t->cap); /* behind the library's back */
                break;
        case 1:
                (void)vspace_sweep(&vspace);
                break;
        case 2:
                (void)vspace_unmap(&vspace, t->at, 1);
                break;
        default:
                (void)map_frame(&cspace, t->cap, seL4_CapInitThreadVSpace, t->at, seL4_ReadWrite,
                                seL4_ARM_Default_VMAttributes);
                break;
        }
}

/* Deleting the frame ends its mapping; the library's records learn it later. */
const struct step_calls steps_mapped = {make_mapped, use_mapped, give_back_object};

static bool make_device(struct thing *t)
{
        t->count = rarely(64) ? ~0ul - choose(9000) : 1 + choose(9000);
        t->at = (seL4_Word)sos_map_device(&cspace, DEVICE_BASE + choose(20000), t->count);
        return t->at;
}

static void use_device(struct thing *t)
{
        struct thing *other = choose_thing(SPACE);

        if (other && other->space.top) {
                (void)vspace_map_device(&other->space, DEVICE_BASE + choose(20000), t->count,
                                        choose_address());
        }
}

static int unmake_device(struct thing *t)
{
        seL4_Word page = t->at & ~0xffful;

        for (; page < t->at + t->count; page += PAGE)
                CHECK_EQUAL(vspace_unmap_device(&vspace, page, 1), 0);
        return 0;
}

const struct step_calls steps_device = {make_device, use_device, unmake_device};
