/* SPDX-License-Identifier: BSD-2-Clause */
/* Many address spaces, on machines whose ASIDs have 16 bits and on those with 8, where 256 spaces share one. */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "mem/retype.h"
#include "vm_world.h"

#include <string.h>

enum { SPACES = 600, LIVES = 70000, SHORT = 8, LONG = 16 };

static void world_of(word bits)
{
        world_make();
        kernel.asid_bits = bits;
        host_tlb_bits(bits);
        CHECK_EQUAL(arch_asid_bits(), bits);
}

static word assign(struct slot *pool, struct slot *space)
{
        return ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){0, {0}, 1, {space}});
}

/* A space with one page, which says which page it is; NULL: the pool is full. */
static struct slot *space_with_a_page(struct slot *pool)
{
        struct slot *space = new_vspace(), *t[3], *frame;

        if (assign(pool, space) != OK)
                return NULL;
        map_tables(space, VA, t);
        frame = new_frame(0);
        CHECK(map_frame_at(frame, space, VA) == OK);
        *(word *)window(cap_address(frame->cap)) = space->cap.b;
        return space;
}

/* More spaces alive than short numbers: each reads its own page, in any order, and dead ones are never seen again. */
static void many_live(word bits)
{
        static struct slot *space[SPACES];
        word n = 0, seed = bits;

        world_of(bits);
        struct slot *pool[2] = {world.pool, new_pool()};
        for (; n < SPACES; n++) {
                space[n] = space_with_a_page(pool[n >= 511]);
                CHECK(space[n] != NULL);
        }
        for (word i = 0; i < 40 * SPACES; i++) {
                seed = seed * 6364136223846793005 + 1442695040888963407;
                word k = seed >> 33;

                k = i % 3 ? k % SPACES : (k & 1) + (k >> 1) % 3 * 256; /* often those that share */
                enter(space[k]);
                CHECK_EQUAL(*(word *)window(reach(VA)), space[k]->cap.b);
        }
        for (word i = 1; i < SPACES; i++) {
                enter(space[0]); /* the running thread's own copy of the cap goes first */
                drop(space[i]);
                CHECK_EQUAL(*(word *)window(reach(VA)), space[0]->cap.b);
        }
}

static void many_live_short(void)
{
        many_live(SHORT);
}

static void many_live_long(void)
{
        many_live(LONG);
}

/* Numbers are reused: as many spaces as a long-running system makes, one after the other in the same memory. */
static void many_lives(void)
{
        for (word bits = SHORT; bits <= LONG; bits += LONG - SHORT) {
                world_of(bits);
                struct slot *stays = space_with_a_page(world.pool);
                const word memory = world.memory, slot = world.next_slot;

                for (word i = 0; i < LIVES; i++) {
                        struct slot *space = space_with_a_page(world.pool);

                        CHECK(space != NULL);
                        enter(space);
                        CHECK_EQUAL(*(word *)window(reach(VA)), space->cap.b);
                        enter(stays);
                        drop(space);
                        CHECK_EQUAL(*(word *)window(reach(VA)), stays->cap.b);
                        memset(window(memory), 0, world.memory - memory);
                        world.memory = memory;
                        while (world.next_slot > slot) {
                                if (!slot_is_empty(&world.slots[--world.next_slot]))
                                        drop(&world.slots[world.next_slot]);
                        }
                }
        }
}

const struct test vm_asid_tests[] = {
        {"vm more spaces than short ASIDs", many_live_short},
        {"vm more spaces than one pool", many_live_long},
        {"vm 70,000 spaces come and go", many_lives},
        {NULL, NULL},
};
