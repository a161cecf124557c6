/* SPDX-License-Identifier: BSD-2-Clause */
/* Caps that outlive what they refer to (spec vspace.md 4 and 9). */
#include "arch/host/host.h"
#include "vm_world.h"

static word clean(struct slot *frame)
{
        return ask(frame, LABEL_PAGE_CLEAN_DATA, (struct args){2, {0, 64}, 0, {NULL}});
}

/* VM-31 */
static void table_gone(void)
{
        world_make();
        struct slot *space = new_space(), *t[3], *frame = new_frame(0), *table = new_table();

        map_tables(space, VA, t);
        enter(space);
        CHECK(map_frame_at(frame, space, VA) == OK && reach(VA) == cap_address(frame->cap));
        CHECK(unmap_table_of(t[2]) == OK && syndrome(VA, HOST_READ) == 0x92000006);
        CHECK(clean(frame) == INVALID_CAPABILITY && details(1, 0, 0, 0));
        CHECK(map_frame_at(frame, space, VA + 0x1000) == INVALID_ARGUMENT && details(1, 0, 0, 0));
        CHECK(map_frame_at(frame, space, VA) == FAILED_LOOKUP && details(3, 0, 2, 21));
        CHECK(map_table_at(table, space, VA) == OK && reach(VA) == ~(word)0);
        CHECK(clean(frame) == INVALID_CAPABILITY && details(1, 0, 0, 0));
        CHECK(map_frame_at(frame, space, VA) == OK && reach(VA) == cap_address(frame->cap));
        CHECK(unmap_frame_of(frame) == OK && reach(VA) == ~(word)0);

        /* A table under a table that is gone: it is out of the tree, keeps saying it is mapped, and unmaps. */
        CHECK(unmap_table_of(t[1]) == OK && mapped_asid(table->cap) != 0);
        CHECK(map_table_at(table, space, VA) == INVALID_CAPABILITY && details(1, 0, 0, 0));
        CHECK(map_table_at(t[1], space, VA) == OK && syndrome(VA, HOST_READ) == 0x92000006);
        CHECK(map_table_at(t[2], space, VA) == OK);
        CHECK(map_frame_at(frame, space, VA) == OK && reach(VA) == cap_address(frame->cap));
        CHECK(unmap_table_of(table) == OK && reach(VA) == cap_address(frame->cap));
}

/* What an unmapped table held is gone when it is mapped again, here or elsewhere. */
static void table_reused(void)
{
        world_make();
        struct slot *space = new_space(), *t[3], *frame = new_frame(0);

        map_tables(space, VA, t);
        enter(space);
        CHECK(map_frame_at(frame, space, VA) == OK && reach(VA) == cap_address(frame->cap));
        CHECK(unmap_table_of(t[1]) == OK);
        CHECK(unmap_table_of(t[2]) == OK);
        CHECK(map_table_at(t[2], space, VA + bit(30)) == OK && map_table_at(t[1], space, VA + bit(30)) == OK);
        CHECK(reach(VA + bit(30)) == ~(word)0 && reach(VA) == ~(word)0);
        CHECK(mapped_va(t[2]->cap) == VA + bit(30) && mapped_va(t[1]->cap) == VA + bit(30));
        CHECK(unmap_frame_of(frame) == OK);
}

/* VM-33: the VSpace goes away under its tables, pages and caps. */
static void space_gone(void)
{
        world_make();
        struct slot *space = new_space(), *other = new_space(), *t[3], *frame = new_frame(0),
                    *second = new_frame(0);

        map_tables(space, VA, t);
        CHECK(map_frame_at(frame, space, VA) == OK && map_frame_at(second, space, VA + 0x1000) == OK);
        struct slot *copy = new_copy(space, RIGHTS_ALL), *table_copy;
        enter(copy);
        CHECK(reach(VA) == cap_address(frame->cap));
        drop(space);
        CHECK(reach(VA) == cap_address(frame->cap) && clean(frame) == OK);
        enter(NULL);
        drop(copy);
        CHECK(clean(frame) == FAILED_LOOKUP && details(2, 0, 1, 0));
        CHECK(map_frame_at(frame, other, VA) == INVALID_CAPABILITY && details(1, 1, 0, 0));
        CHECK(unmap_frame_of(frame) == OK && mapped_asid(frame->cap) == 0);
        drop(second);
        table_copy = new_copy(t[1], RIGHTS_ALL);
        CHECK(table_copy && unmap_table_of(t[1]) == REVOKE_FIRST);
        drop(table_copy);
        for (word i = 0; i < 3; i++)
                CHECK(unmap_table_of(t[i]) == OK && unmap_table_of(t[i]) == OK);
        for (word i = 0; i < 3; i++)
                CHECK(map_table_at(t[i], other, VA) == OK);
        enter(other);
        CHECK(reach(VA) == ~(word)0 && reach(VA + 0x1000) == ~(word)0);
}

/* VM-34: the pool goes away. */
static void pool_gone(void)
{
        world_make();
        struct slot *pool = new_pool(), *space = new_vspace(), *t[3], *frame = new_frame(0),
                    *fresh = new_frame(0);

        CHECK(ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) == OK);
        map_tables(space, VA, t);
        CHECK(map_frame_at(frame, space, VA) == OK);
        enter(space);
        CHECK(reach(VA) == cap_address(frame->cap));
        drop(pool);
        CHECK(syndrome(VA, HOST_FETCH) == 0x82000004);
        CHECK(map_frame_at(fresh, space, VA + 1) == FAILED_LOOKUP && details(2, 0, 1, 0));
        CHECK(map_table_at(new_table(), space, VA) == FAILED_LOOKUP && details(2, 0, 1, 0));
        CHECK(ask(world.pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) ==
              INVALID_CAPABILITY);
        struct slot *copy = new_copy(space, RIGHTS_ALL);
        CHECK(details(1, 1, 0, 0) && copy && new_copy(t[0], RIGHTS_ALL));
        CHECK(clean(frame) == FAILED_LOOKUP && unmap_frame_of(frame) == OK);

        /* The numbers are given out again; the old VSpace and its tables do not reappear. */
        struct slot *again = new_pool(), *next = new_vspace();
        CHECK(ask(again, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {next}}) == OK);
        CHECK(next->cap.b == space->cap.b);
        CHECK(map_frame_at(fresh, space, VA) == INVALID_CAPABILITY && details(1, 1, 0, 0));
        CHECK(map_table_at(new_table(), space, VA) == INVALID_CAPABILITY && details(1, 1, 0, 0));
        space_enter(this_core(), world.caller);
        CHECK(host_space_root() == 0);
        enter(next);
        CHECK(host_space_root() == paddr_of(cap_object(next->cap)) && reach(VA) == ~(word)0);
        CHECK(unmap_table_of(t[2]) == OK && unmap_table_of(t[1]) == OK);
        drop(copy);
        drop(space);
        CHECK(asid_root(next->cap.b) == cap_object(next->cap));
}

/* The number of a dead VSpace goes to another one while caps still name it. */
static void number_reused(void)
{
        world_make();
        struct slot *space = new_space(), *t[3], *u[3], *frame = new_frame(0), *other = new_frame(0);
        word asid = space->cap.b;

        map_tables(space, VA, t);
        CHECK(map_frame_at(frame, space, VA) == OK && map_frame_at(other, space, VA + 0x1000) == OK);
        drop(space);
        struct slot *next = new_space();
        CHECK(next->cap.b == asid);
        enter(next);
        CHECK(reach(VA) == ~(word)0);
        CHECK(clean(frame) == INVALID_CAPABILITY && details(1, 0, 0, 0));
        map_tables(next, VA, u);
        CHECK(map_frame_at(frame, next, VA + 0x2000) == INVALID_ARGUMENT && details(1, 0, 0, 0));
        CHECK(map_frame_at(frame, next, VA) == OK && reach(VA) == cap_address(frame->cap));

        /* Deleting the stale tables and pages must not touch the tree of the new VSpace. */
        struct slot *third = new_frame(0);
        CHECK(map_frame_at(third, next, VA + 0x1000) == OK);
        drop(other);
        for (word i = 0; i < 3; i++)
                drop(t[i]);
        CHECK(reach(VA) == cap_address(frame->cap) && reach(VA + 0x1000) == cap_address(third->cap));
        CHECK(unmap_frame_of(third) == OK && reach(VA + 0x1000) == ~(word)0);
}

/* A page of another size at the place a cap names is not its page. */
static void size_changed(void)
{
        world_make();
        struct slot *space = new_space(), *t[3], *large = new_frame(1);
        struct slot *small = new_cap(cap_frame(cap_address(large->cap), 0, RW, false));

        map_tables(space, VA, t);
        enter(space);
        CHECK(map_frame_at(small, space, VA) == OK && unmap_table_of(t[2]) == OK);
        CHECK(map_frame_at(large, space, VA) == OK && reach(VA + 0x5000) == cap_address(large->cap) + 0x5000);
        CHECK(clean(small) == INVALID_CAPABILITY && unmap_frame_of(small) == OK);
        CHECK(reach(VA) == cap_address(large->cap));
        drop(small);
        CHECK(reach(VA) == cap_address(large->cap));
        drop(large);
        CHECK(reach(VA) == ~(word)0 && reach(VA + 0x5000) == ~(word)0);
}

const struct test vm_stale_tests[] = {
        {"vm table gone", table_gone},
        {"vm table reused", table_reused},
        {"vm space gone", space_gone},
        {"vm pool gone", pool_gone},
        {"vm number reused", number_reused},
        {"vm size changed", size_changed},
        {NULL, NULL},
};
