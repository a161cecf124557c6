/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache operations by frame and by address (spec vspace.md 7.4, 8, 10). */
#include "arch/host/host.h"
#include "vm_world.h"

/* What the caches were told last. */
static struct {
        enum host_cache how;
        word start, size, count;
} told;

static void on_cache(enum host_cache how, const void *start, word size)
{
        told.how = how;
        told.start = paddr_of(start);
        told.size = size;
        told.count++;
}

static void begin(void)
{
        world_make();
        host_cache_hook = on_cache;
        told.count = 0;
}

/* The operations in the order of both families of labels. */
static const enum host_cache operation[4] = {HOST_CACHE_CLEAN, HOST_CACHE_INVALIDATE,
                                             HOST_CACHE_CLEAN_INVALIDATE, HOST_CACHE_UNIFY};

static bool was_told(word i, word start, word size)
{
        bool same = told.count == 1 && told.how == operation[i] && told.start == start && told.size == size;

        told.count = 0;
        return same;
}

static word on_frame(struct slot *frame, word i, word start, word end)
{
        return ask(frame, LABEL_PAGE_CLEAN_DATA + i, (struct args){.length = 2, .mr = {start, end}});
}

static word on_space(struct slot *space, word i, word start, word end)
{
        return ask(space, LABEL_VSPACE_CLEAN_DATA + i, (struct args){.length = 2, .mr = {start, end}});
}

static void frame_rows(void)
{
        begin();
        struct slot *space = new_space(), *frame = new_frame(0), *other = new_frame(0), *t[3];
        word pa = cap_address(frame->cap), page = bit(PAGE_BITS);

        map_tables(space, VA, t);
        for (word i = 0; i < 4; i++) {
                CHECK(ask(frame, LABEL_PAGE_CLEAN_DATA + i, (struct args){.length = 1}) == TRUNCATED_MESSAGE);
                CHECK(on_frame(frame, i, 5, 5) == ILLEGAL_OPERATION && details(0, 0, 0, 0));
                CHECK(map_frame_at(frame, space, VA) == OK);
                CHECK(on_frame(frame, i, 8, 8) == INVALID_ARGUMENT && details(1, 1, 0, 0));
                CHECK(on_frame(frame, i, ~(word)0, 8) == INVALID_ARGUMENT && details(1, 1, 0, 0));
                CHECK(on_frame(frame, i, 0, page + 1) == INVALID_ARGUMENT && details(1, 0, 0, 0));
                CHECK(on_frame(frame, i, page, page + 1) == INVALID_ARGUMENT && details(1, 0, 0, 0));
                CHECK(on_frame(frame, i, page - 1, ~(word)0) == INVALID_ARGUMENT && details(1, 0, 0, 0));
                CHECK(told.count == 0);
                CHECK(on_frame(frame, i, 0, page) == OK && was_told(i, pa, page));
                CHECK(on_frame(frame, i, page - 1, page) == OK && was_told(i, pa + page - 1, 1));
                CHECK(on_frame(frame, i, 100, 300) == OK && was_told(i, pa + 100, 200));
                CHECK(map_frame_at(other, space, VA) == OK);
                CHECK(on_frame(frame, i, 0, page) == INVALID_CAPABILITY && details(1, 0, 0, 0));
                CHECK(on_frame(frame, i, 1, 0) == INVALID_ARGUMENT && details(1, 1, 0, 0));
                word **place = &kernel.asid_pool[0]->root[space->cap.b], *root = *place;
                *place = NULL;
                CHECK(on_frame(frame, i, 1, 0) == FAILED_LOOKUP && details(2, 0, 1, 0));
                *place = root;
                CHECK(unmap_frame_of(frame) == OK && told.count == 0);
        }
        CHECK(on_frame(other, 0, 64, 128) == OK && was_told(0, cap_address(other->cap) + 64, 64));
}

/* VM-36: everything but Invalidate works without the right to write. */
static void without_write_right(void)
{
        begin();
        static const word weak[2] = {RIGHT_READ, 0};
        struct slot *space = new_space(), *frame = new_frame(0), *t[3];

        map_tables(space, VA, t);
        for (word j = 0; j < 8; j++) {
                word i = j & 3;
                bool refused = operation[i] == HOST_CACHE_INVALIDATE;

                CHECK(map_frame_with(frame, space, VA, (const word[2]){weak[j >> 2], 3}) == OK);
                CHECK(on_frame(frame, i, 0, 64) == (refused ? ILLEGAL_OPERATION : OK));
                CHECK(refused ? told.count == 0 : was_told(i, cap_address(frame->cap), 64));
                CHECK(on_space(space, i, VA, VA + 64) == (refused ? ILLEGAL_OPERATION : OK));
                CHECK(refused ? told.count == 0 : was_told(i, cap_address(frame->cap), 64));
        }
}

/* Device memory outside what the kernel sees: every check as usual, no effect, no fault. */
static void out_of_sight(void)
{
        begin();
        struct slot *space = new_space(), *t[3];
        static const word base[] = {0, (word)1 << 39, ((word)1 << 47) - ((word)1 << 30)};

        map_tables(space, VA, t);
        for (word i = 0; i < 4; i++) {
                for (word j = 0; j < 3; j++) {
                        struct slot *huge = new_device_frame(base[j], 2),
                                    *small = new_device_frame(base[j], 0);

                        CHECK(map_frame_at(huge, space, 2 * VA) == OK &&
                              map_frame_at(small, space, VA) == OK);
                        CHECK(on_frame(huge, i, 0, bit(30)) == OK && on_frame(small, i, 0, 4096) == OK);
                        CHECK(on_space(space, i, 2 * VA, 2 * VA + bit(30)) == OK);
                        CHECK(on_space(space, i, VA, VA + 4096) == OK);
                        CHECK(told.count == 0);
                        drop(huge);
                        drop(small);
                }
        }
        /* Partly in sight: the huge frame that holds all RAM of this machine and more. */
        struct slot *huge = new_device_frame(align_down(HOST_BASE, 30), 2);
        CHECK(map_frame_at(huge, space, 2 * VA) == OK);
        CHECK(on_frame(huge, 0, 0, bit(30)) == OK && told.count == 0);
        CHECK(on_frame(huge, 0, 4096, 8192) == OK && was_told(0, HOST_BASE + 4096, 4096));
}

static void space_rows(void)
{
        begin();
        struct slot *space = new_space(), *unassigned = new_vspace(), *small = new_frame(0), *t[3];
        struct slot *large = new_frame(1);
        word end = VA + bit(PAGE_BITS), large_va = VA + bit(21), pa = cap_address(large->cap);

        map_tables(space, VA, t);
        CHECK(map_frame_at(small, space, VA) == OK && map_frame_at(large, space, large_va) == OK);
        CHECK(ask(space, 0, (struct args){.length = 2, .mr = {VA, end}}) == ILLEGAL_OPERATION);
        CHECK(ask(space, 38, (struct args){.length = 2, .mr = {VA, end}}) == ILLEGAL_OPERATION);
        CHECK(ask(space, 43, (struct args){.length = 2, .mr = {VA, end}}) == ILLEGAL_OPERATION);
        struct asid_pool *pool = kernel.asid_pool[0];
        word *root = cap_object(space->cap), asid = space->cap.b;
        for (word i = 0; i < 4; i++) {
                CHECK(ask(space, LABEL_VSPACE_CLEAN_DATA + i, (struct args){.length = 1}) ==
                      TRUNCATED_MESSAGE);
                CHECK(on_space(unassigned, i, VA, VA) == INVALID_ARGUMENT && details(1, 1, 0, 0));
                CHECK(on_space(unassigned, i, VA, user_top() + 1) == ILLEGAL_OPERATION);
                CHECK(on_space(unassigned, i, VA, end) == INVALID_CAPABILITY && details(1, 0, 0, 0));
                pool->root[asid] = NULL;
                CHECK(on_space(space, i, VA, end) == FAILED_LOOKUP && details(2, 0, 1, 0));
                pool->root[asid] = cap_object(unassigned->cap);
                CHECK(on_space(space, i, VA, end) == INVALID_CAPABILITY && details(1, 0, 0, 0));
                pool->root[asid] = root;
                CHECK(on_space(space, i, user_top() - 1, user_top()) == OK && told.count == 0);
                CHECK(on_space(space, i, end, end + bit(30)) == OK && told.count == 0);
                CHECK(on_space(space, i, 0, user_top()) == OK && told.count == 0);
                CHECK(on_space(space, i, VA + 8, end + 1) == RANGE_ERROR && details(2, VA + 8, end - 1, 0));
                CHECK(on_space(space, i, large_va, large_va + bit(21) + 1) == RANGE_ERROR);
                CHECK(details(2, large_va, large_va + bit(21) - 1, 0) && told.count == 0);
                CHECK(on_space(space, i, VA + 8, end) == OK);
                CHECK(was_told(i, cap_address(small->cap) + 8, bit(PAGE_BITS) - 8));
                CHECK(on_space(space, i, large_va + 0x3001, large_va + 0x3002) == OK);
                CHECK(was_told(i, pa + 0x3001, 1));
        }
}

const struct test vm_cache_tests[] = {
        {"vm frame rows", frame_rows},
        {"vm without write right", without_write_right},
        {"vm out of sight", out_of_sight},
        {"vm space rows", space_rows},
        {NULL, NULL},
};
