/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping page tables and frames (spec vspace.md 6, 7.1 to 7.3, 11). */
#include "arch/host/host.h"
#include "cap/derive.h"
#include "vm_world.h"

enum { MISSING = 2 };

static const word LARGE = (word)1 << 21, HUGE = (word)1 << 30;

/* The refusals both Map operations share: which space, and does it still have its number. */
static void space_refusals(struct slot *object, word label)
{
        struct slot *space = new_space(), *unassigned = new_vspace(), *empty = new_slot(),
                    *frame = new_frame(0);
        struct slot *wrong[] = {unassigned, empty, frame};
        struct args args = {3, {VA + 1, RW, DEFAULT_ATTRIBUTES}, 1, {NULL}};

        for (word i = 0; i < 3; i++) {
                args.extra[0] = wrong[i];
                CHECK(ask(object, label, args) == INVALID_CAPABILITY && details(1, 1, 0, 0));
        }
        args.extra[0] = space;
        struct asid_pool *pool = kernel.asid_pool[0];
        pool->root[space->cap.b] = NULL;
        CHECK(ask(object, label, args) == FAILED_LOOKUP && details(2, 0, 1, 0));
        pool->root[space->cap.b] = cap_object(unassigned->cap);
        CHECK(ask(object, label, args) == INVALID_CAPABILITY && details(1, 1, 0, 0));
        kernel.asid_pool[0] = NULL;
        CHECK(ask(object, label, args) == FAILED_LOOKUP && details(2, 0, 1, 0));
        kernel.asid_pool[0] = pool;
        pool->root[space->cap.b] = cap_object(space->cap);
}

static void table_map_rows(void)
{
        world_make();
        struct slot *space = new_space(), *t[4] = {new_table(), new_table(), new_table(), new_table()};
        const word map = LABEL_PAGE_TABLE_MAP;

        CHECK(ask(t[0], map + 5, (struct args){2, {VA}, 1, {space}}) == ILLEGAL_OPERATION);
        CHECK(ask(t[0], 0, (struct args){2, {VA}, 1, {space}}) == ILLEGAL_OPERATION);
        CHECK(ask(t[0], map, (struct args){1, {VA}, 1, {space}}) == TRUNCATED_MESSAGE);
        CHECK(ask(t[0], map, (struct args){2, {VA}, 0, {NULL}}) == TRUNCATED_MESSAGE);
        space_refusals(t[0], map);
        CHECK(map_table_at(t[0], space, user_top() + 1) == INVALID_ARGUMENT && details(1, 0, 0, 0));
        CHECK(map_table_at(t[0], space, ~(word)0) == INVALID_ARGUMENT);

        word va = VA + HUGE + LARGE + 0x3456;
        CHECK(!new_copy(t[0], RIGHTS_ALL));
        CHECK(map_table_at(t[0], space, va) == OK && mapped_va(t[0]->cap) == 0);
        CHECK(mapped_asid(t[0]->cap) == space->cap.b);
        CHECK(map_table_at(t[0], space, va) == INVALID_CAPABILITY && details(1, 0, 0, 0));
        CHECK(ask(t[0], map, (struct args){2, {VA}, 1, {t[1]}}) == INVALID_CAPABILITY && details(1, 0, 0, 0));
        CHECK(map_table_at(t[1], space, va) == OK && mapped_va(t[1]->cap) == align_down(va, 30));
        CHECK(map_table_at(t[2], space, va) == OK && mapped_va(t[2]->cap) == align_down(va, 21));
        CHECK(map_table_at(t[3], space, va) == DELETE_FIRST);
        CHECK(new_copy(t[2], RIGHTS_ALL) != NULL);
        CHECK(map_table_at(t[3], space, user_top()) == OK);
        CHECK(mapped_va(t[3]->cap) == align_down(user_top(), 39));
}

/* Where a page is, no table goes, and the other way round (VM-13, 18, 19). */
static void levels(void)
{
        world_make();
        struct slot *space = new_space(), *small = new_frame(0), *large = new_frame(1), *t[3];
        struct slot *huge = new_device_frame(0, 2);

        for (word i = 0; i < 3; i++) {
                CHECK(map_frame_at(small, space, VA) == FAILED_LOOKUP);
                CHECK(details(3, 0, MISSING, 39 - 9 * i));
                t[i] = new_table();
                CHECK(map_table_at(t[i], space, VA) == OK);
        }
        CHECK(map_frame_at(small, space, VA) == OK);
        CHECK(map_frame_at(large, space, VA) == FAILED_LOOKUP && details(3, 0, MISSING, 12));
        CHECK(map_frame_at(huge, space, VA) == FAILED_LOOKUP && details(3, 0, MISSING, 12));
        CHECK(map_frame_at(huge, space, VA + HUGE) == OK);
        CHECK(map_frame_at(large, space, VA + LARGE) == OK);

        struct slot *other = new_frame(0), *table = new_table(), *huger = new_device_frame(HUGE, 2);
        CHECK(map_frame_at(other, space, VA + LARGE) == FAILED_LOOKUP && details(3, 0, MISSING, 21));
        CHECK(map_frame_at(other, space, VA + HUGE) == FAILED_LOOKUP && details(3, 0, MISSING, 30));
        CHECK(map_table_at(table, space, VA + LARGE) == DELETE_FIRST);
        CHECK(map_table_at(table, space, VA + HUGE) == DELETE_FIRST);
        CHECK(unmap_frame_of(small) == OK && unmap_table_of(t[2]) == OK);
        CHECK(map_frame_at(huger, space, VA) == FAILED_LOOKUP && details(3, 0, MISSING, 21));

        enter(space);
        CHECK(reach(VA + LARGE + 0x54321) == cap_address(large->cap) + 0x54321);
        struct host_translation got =
                host_walk(paddr_of(cap_object(space->cap)), VA + HUGE + 12345, HOST_READ);
        CHECK(got.ok && got.paddr == 12345 && got.level == 1);
}

static void frame_map_rows(void)
{
        world_make();
        struct slot *space = new_space(), *other = new_space(), *frame = new_frame(0), *t[3];
        const word map = LABEL_PAGE_MAP;

        map_tables(space, VA, t);
        CHECK(ask(frame, map, (struct args){2, {VA, RW}, 1, {space}}) == TRUNCATED_MESSAGE);
        CHECK(ask(frame, map, (struct args){3, {VA, RW, 3}, 0, {NULL}}) == TRUNCATED_MESSAGE);
        CHECK(ask(frame, 0, (struct args){3, {VA, RW, 3}, 1, {space}}) == ILLEGAL_OPERATION);
        CHECK(ask(frame, map - 1, (struct args){3, {VA, RW, 3}, 1, {space}}) == ILLEGAL_OPERATION);
        CHECK(ask(frame, 53, (struct args){3, {VA, RW, 3}, 1, {space}}) == ILLEGAL_OPERATION);
        space_refusals(frame, map);
        for (word level = 0; level < 3; level++) {
                struct slot *f = new_device_frame(0, level);
                word half = bit(PAGE_BITS + 9 * level - 1);

                CHECK(map_frame_at(f, space, VA + half) == ALIGNMENT_ERROR && details(0, 0, 0, 0));
                CHECK(map_frame_at(f, space, user_top() + 1) == INVALID_ARGUMENT && details(1, 0, 0, 0));
                CHECK(map_frame_at(f, space, ~(word)0 - 2 * half + 1) == INVALID_ARGUMENT);
                CHECK(map_frame_at(f, space, user_top() + 1 - 2 * half) == FAILED_LOOKUP);
                CHECK(details(3, 0, MISSING, 39) && mapped_asid(f->cap) == 0);
        }
        CHECK(map_frame_at(frame, space, VA) == OK);
        CHECK(mapped_asid(frame->cap) == space->cap.b && mapped_va(frame->cap) == VA);
        CHECK(map_frame_at(frame, space, VA + 0x1000) == INVALID_ARGUMENT && details(1, 0, 0, 0));
        CHECK(map_frame_at(frame, space, VA + 1) == ALIGNMENT_ERROR);
        CHECK(map_frame_at(frame, other, VA) == INVALID_CAPABILITY && details(1, 1, 0, 0));
        CHECK(map_frame_at(frame, other, VA + 0x1000) == INVALID_CAPABILITY);
        CHECK(map_frame_at(frame, space, VA) == OK);
}

/* Rights of the cap and of the request together; both take effect at once (VM-22, 43, 44). */
static void rights(void)
{
        world_make();
        static const word effective[4][4] = {{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 2, 2}, {0, 0, 2, 3}};
        struct slot *space = new_space(), *t[3];

        map_tables(space, VA, t);
        enter(space);
        for (word i = 0; i < 64; i++) {
                word cap = i & 3, asked = i >> 2 & 3, xn = i >> 4 & 1, got = effective[cap][asked];
                struct slot *f = new_cap(cap_masked(new_frame(0)->cap, cap));
                word attributes = (i >> 5 & 1) | xn << 2 | 0xfff0, va = VA + (i << PAGE_BITS);

                CHECK(map_frame_with(f, space, va, (const word[2]){asked | ~(word)3, attributes}) == OK);
                CHECK(syndrome(va, HOST_READ) == (got ? 0 : 0x9200000f));
                CHECK(syndrome(va, HOST_WRITE) == (got == RW ? 0 : 0x9200004f));
                CHECK(syndrome(va, HOST_FETCH) == (got && !xn ? 0 : 0x8200000f));
        }

        struct slot *f = new_frame(0);
        word va = VA + 0x100000;
        CHECK(map_frame_at(f, space, va) == OK && syndrome(va, HOST_WRITE) == 0);
        CHECK(map_frame_with(f, space, va, (const word[2]){RIGHT_READ, 3}) == OK);
        CHECK(syndrome(va, HOST_WRITE) == 0x9200004f && reach(va) == cap_address(f->cap));
        CHECK(map_frame_with(f, space, va, (const word[2]){0, 3}) == OK &&
              syndrome(va, HOST_READ) == 0x9200000f);
        CHECK(map_frame_at(f, space, va) == OK && syndrome(va, HOST_WRITE) == 0);
        CHECK(map_frame_with(f, space, va, (const word[2]){RW, 7}) == OK);
        CHECK(syndrome(va, HOST_FETCH) == 0x8200000f && syndrome(va, HOST_WRITE) == 0);
        CHECK(unmap_frame_of(f) == OK && syndrome(va, HOST_READ) == 0x92000007);
        CHECK(frame_rights(f->cap) == RW && mapped_asid(f->cap) == 0);
}

/* VM-23 to VM-29 */
static void replacing(void)
{
        world_make();
        struct slot *space = new_space(), *a = new_frame(0), *b = new_frame(0), *t[3];

        map_tables(space, VA, t);
        enter(space);
        CHECK(unmap_frame_of(a) == OK && unmap_frame_of(a) == OK);
        CHECK(map_frame_at(a, space, VA) == OK && reach(VA) == cap_address(a->cap));
        CHECK(map_frame_at(b, space, VA) == OK && reach(VA) == cap_address(b->cap));
        CHECK(unmap_frame_of(a) == OK && reach(VA) == cap_address(b->cap));
        CHECK(map_frame_at(a, space, VA) == OK && reach(VA) == cap_address(a->cap));
        drop(b);
        CHECK(reach(VA) == cap_address(a->cap));

        struct slot *copy = new_copy(a, RIGHT_READ), *moved = new_slot();
        CHECK(mapped_asid(copy->cap) == 0 && frame_rights(copy->cap) == RIGHT_READ);
        CHECK(map_frame_at(copy, space, VA + 0x1000) == OK && reach(VA + 0x1000) == cap_address(a->cap));
        CHECK(syndrome(VA + 0x1000, HOST_WRITE) == 0x9200004f && syndrome(VA, HOST_WRITE) == 0);
        drop(copy);
        CHECK(reach(VA + 0x1000) == ~(word)0 && reach(VA) == cap_address(a->cap));
        slot_move(moved, a->cap, a);
        CHECK(reach(VA) == cap_address(moved->cap));
        CHECK(unmap_frame_of(moved) == OK && reach(VA) == ~(word)0);
}

static void table_unmap_rows(void)
{
        world_make();
        struct slot *space = new_space(), *t[3], *frame = new_frame(0);

        map_tables(space, VA, t);
        enter(space);
        CHECK(map_frame_at(frame, space, VA) == OK && reach(VA) == cap_address(frame->cap));
        struct slot *copy = new_copy(t[2], RIGHTS_ALL);
        CHECK(unmap_table_of(t[2]) == REVOKE_FIRST && details(0, 0, 0, 0));
        CHECK(unmap_table_of(copy) == REVOKE_FIRST && reach(VA) == cap_address(frame->cap));
        drop(copy);
        CHECK(reach(VA) == cap_address(frame->cap));
        CHECK(unmap_table_of(t[2]) == OK && syndrome(VA, HOST_READ) == 0x92000006);
        CHECK(unmap_table_of(t[2]) == OK && mapped_asid(t[2]->cap) == 0);
        CHECK(map_table_at(t[2], space, VA) == OK && syndrome(VA, HOST_READ) == 0x92000007);
        CHECK(map_frame_at(frame, space, VA) == OK && reach(VA) == cap_address(frame->cap));

        copy = new_copy(t[1], RIGHTS_ALL);
        drop(t[1]);
        CHECK(reach(VA) == cap_address(frame->cap));
        drop(copy);
        CHECK(syndrome(VA, HOST_READ) == 0x92000005);
        drop(t[2]);
        CHECK(unmap_frame_of(frame) == OK);
        CHECK(unmap_table_of(t[0]) == OK && syndrome(VA, HOST_READ) == 0x92000004);
        drop(t[0]);
}

/* VM-42 */
static void addresses(void)
{
        world_make();
        struct slot *ram = new_frame(0), *device = new_device_frame(bit(39), 2);

        CHECK(ask(ram, LABEL_PAGE_GET_ADDRESS, (struct args){0}) == OK && world.last.answer_length == 1);
        CHECK(world.caller->context.x[REG_MESSAGE] == cap_address(ram->cap));
        CHECK(ask(device, LABEL_PAGE_GET_ADDRESS, (struct args){0}) == OK);
        CHECK(world.caller->context.x[REG_MESSAGE] == bit(39));
}

const struct test vm_map_tests[] = {
        {"vm table map rows", table_map_rows}, {"vm levels", levels},
        {"vm frame map rows", frame_map_rows}, {"vm rights", rights},
        {"vm replacing", replacing},           {"vm table unmap rows", table_unmap_rows},
        {"vm addresses", addresses},           {NULL, NULL},
};
