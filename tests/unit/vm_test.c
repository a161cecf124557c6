/* SPDX-License-Identifier: BSD-2-Clause */
/* Page-table words, ASID pools, entering a space (spec vspace.md 3, 4, 5, 10). */
#include "arch/host/host.h"
#include "cap/derive.h"
#include "vm_world.h"

enum { INVALID_ROOT = 1 };

/* The words themselves, against numbers worked out from the architecture manual. */
static void words(void)
{
        const word kernel_never = bit(53), never = bit(54), pa = 0x40123000;
        struct cap rw = cap_frame(pa, 0, RW, false), r = cap_frame(pa, 0, RIGHT_READ, false);
        struct cap none = cap_frame(pa, 0, 0, false);

        CHECK(pte_frame(rw, DEFAULT_ATTRIBUTES) == (pa | 0xf53 | kernel_never));
        CHECK(pte_frame(r, DEFAULT_ATTRIBUTES) == (pa | 0xfd3 | kernel_never));
        CHECK(pte_frame(none, DEFAULT_ATTRIBUTES) == (pa | 0xf93 | kernel_never | never));
        CHECK(pte_frame(rw, UNCACHED) == (pa | 0xc43 | kernel_never));
        CHECK(pte_frame(rw, DEFAULT_ATTRIBUTES | NEVER_EXECUTE) == (pa | 0xf53 | kernel_never | never));
        CHECK(pte_frame(rw, 1 | ~(word)7) == pte_frame(rw, DEFAULT_ATTRIBUTES));
        CHECK(pte_page(pa, true) == pte_frame(rw, DEFAULT_ATTRIBUTES));
        CHECK(pte_page(pa, false) == pte_frame(rw, DEFAULT_ATTRIBUTES | NEVER_EXECUTE));
        CHECK(pte_table(pa) == (pa | 3));
        for (word level = 0; level < 3; level++) {
                for (word i = 0; i < 32; i++) {
                        struct cap c = cap_frame(bit(38), level, i & 3, i >> 2 & 1);
                        word entry = pte_frame(cap_masked(c, RW), i >> 2), at = PTE_LEVEL_LAST - level;

                        CHECK(pte_is_page(entry, at) && !pte_is_table(entry, at));
                        CHECK(pte_paddr(entry) == bit(38));
                        CHECK(pte_rights(entry) == frame_rights(cap_masked(c, RW)));
                }
        }
        CHECK(!pte_is_page(0, 3) && !pte_is_table(0, 0) && pte_is_table(3, 2) && !pte_is_table(3, 3));
}

/* MakePool, rows 1 to 7 (row 3 is in fill_pools). */
static void make_pool_refusals(void)
{
        world_make();
        struct slot *u = new_untyped(PAGE_BITS, false), *root = world.cnode;
        word to = (word)(new_slot() - world.slots), full = (word)(u - world.slots);
        const word make = LABEL_ASID_CONTROL_MAKE_POOL;

        CHECK(ask(world.asid_control, make + 1, (struct args){2, {to, 64}, 2, {u, root}}) ==
              ILLEGAL_OPERATION);
        CHECK(ask(world.asid_control, make, (struct args){1, {to, 64}, 2, {u, root}}) == TRUNCATED_MESSAGE);
        CHECK(ask(world.asid_control, make, (struct args){2, {to, 64}, 1, {u}}) == TRUNCATED_MESSAGE);

        struct slot *wrong[] = {new_untyped(13, false), new_untyped(PAGE_BITS, true), new_frame(0),
                                new_slot()};
        for (word i = 0; i < 4; i++) {
                CHECK(ask(world.asid_control, make, (struct args){2, {to, 0}, 2, {wrong[i], root}}) ==
                      INVALID_CAPABILITY);
                CHECK(details(1, 1, 0, 0));
        }
        struct args bad_depth = {2, {to, 0}, 2, {u, root}};
        CHECK(ask(world.asid_control, make, bad_depth) == RANGE_ERROR && details(2, 1, 64, 0));
        bad_depth.mr[1] = 65;
        CHECK(ask(world.asid_control, make, bad_depth) == RANGE_ERROR && details(2, 1, 64, 0));
        CHECK(ask(world.asid_control, make, (struct args){2, {to, 64}, 2, {u, u}}) == FAILED_LOOKUP);
        CHECK(details(2, 0, INVALID_ROOT, 0));
        CHECK(ask(world.asid_control, make, (struct args){2, {bit(63) | to, 64}, 2, {u, root}}) ==
              FAILED_LOOKUP);
        CHECK(ask(world.asid_control, make, (struct args){2, {full, 64}, 2, {u, root}}) == DELETE_FIRST);
        CHECK(u->cap.b == 0 && !kernel.asid_pool[1]);

        CHECK(ask(world.asid_control, make, (struct args){2, {to, 64}, 2, {u, root}}) == OK);
        CHECK(u->cap.b == bit(PAGE_BITS) && kernel.asid_pool[1] == cap_object(world.slots[to].cap));
        CHECK(world.slots[to].cap.b == 512 && slot_next(u) == &world.slots[to]);
        word other = (word)(new_slot() - world.slots);
        CHECK(ask(world.asid_control, make, (struct args){2, {other, 0}, 2, {u, root}}) == REVOKE_FIRST);
}

static void assign_refusals(void)
{
        world_make();
        const word assign = LABEL_ASID_POOL_ASSIGN;
        struct slot *space = new_vspace(), *pool = new_pool(), *empty = new_slot(), *table = new_table();

        CHECK(ask(pool, assign - 1, (struct args){.extras = 1, .extra = {space}}) == ILLEGAL_OPERATION);
        CHECK(ask(pool, 0, (struct args){.extras = 1, .extra = {space}}) == ILLEGAL_OPERATION);
        CHECK(ask(pool, assign, (struct args){0}) == TRUNCATED_MESSAGE);
        CHECK(ask(pool, assign, (struct args){.extras = 1, .extra = {empty}}) == INVALID_CAPABILITY);
        CHECK(details(1, 1, 0, 0));
        CHECK(ask(pool, assign, (struct args){.extras = 1, .extra = {table}}) == INVALID_CAPABILITY);
        CHECK(!new_copy(space, RIGHTS_ALL));
        CHECK(ask(pool, assign, (struct args){.extras = 1, .extra = {space}}) == OK);
        CHECK(space->cap.b == pool->cap.b && asid_root(space->cap.b) == cap_object(space->cap));
        CHECK(ask(pool, assign, (struct args){.extras = 1, .extra = {space}}) == INVALID_CAPABILITY);
        CHECK(details(1, 1, 0, 0) && new_copy(space, RIGHTS_ALL) != NULL);

        struct slot *fresh = new_vspace();
        struct asid_pool *registered = kernel.asid_pool[pool->cap.b >> 9];
        kernel.asid_pool[pool->cap.b >> 9] = kernel.asid_pool[0];
        CHECK(ask(pool, assign, (struct args){.extras = 1, .extra = {fresh}}) == INVALID_CAPABILITY);
        CHECK(details(1, 0, 0, 0));
        kernel.asid_pool[pool->cap.b >> 9] = NULL;
        CHECK(ask(pool, assign, (struct args){.extras = 1, .extra = {fresh}}) == FAILED_LOOKUP);
        CHECK(details(2, 0, INVALID_ROOT, 0));
        kernel.asid_pool[pool->cap.b >> 9] = registered;
}

/* A pool takes 512 VSpaces, the first one 511, because 0 is nobody's number. */
static void fill_pool(struct slot *pool, word places)
{
        struct slot *space = NULL, *third = NULL;

        for (word i = 0; i < places; i++) {
                space = new_vspace();
                CHECK(ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) == OK);
                CHECK(space->cap.b == pool->cap.b + i + (pool->cap.b == 0));
                if (i == 2)
                        third = space;
        }
        space = new_vspace();
        CHECK(ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) ==
              DELETE_FIRST);
        word free = third->cap.b;
        drop(third);
        CHECK(!asid_root(free));
        CHECK(ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) == OK);
        CHECK(space->cap.b == free);
}

static void fill_first_pool(void)
{
        world_make();
        fill_pool(world.pool, 511);
}

static void fill_other_pool(void)
{
        world_make();
        fill_pool(new_pool(), 512);
}

static void fill_pools(void)
{
        world_make();
        struct slot *pool[ASID_POOLS];

        for (word i = 1; i < ASID_POOLS; i++) {
                pool[i] = new_pool();
                CHECK(pool[i] && pool[i]->cap.b == i * 512);
        }
        CHECK(!new_pool() && world.last.why.error == DELETE_FIRST);
        drop(pool[77]);
        drop(pool[33]);
        pool[33] = new_pool();
        CHECK(pool[33]->cap.b == 33 * 512);
        pool[77] = new_pool();
        CHECK(pool[77]->cap.b == 77 * 512);
        CHECK(!new_pool());
}

static void pool_copies(void)
{
        world_make();
        struct slot *pool = new_pool(), *copy = new_copy(pool, RIGHTS_ALL);
        struct slot *space = new_vspace();

        CHECK(ask(copy, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) == OK);
        drop(pool);
        CHECK(asid_root(space->cap.b) == cap_object(space->cap));
        drop(copy);
        CHECK(!asid_root(space->cap.b));
}

/* Pool memory that was used before is empty all the same. */
static void dirty_pool(void)
{
        world_make();
        struct slot *u = new_untyped(PAGE_BITS, false), *to = new_slot();
        word *memory = window(cap_address(u->cap));

        for (word i = 0; i < 512; i++)
                memory[i] = i + 1;
        u->cap.b = bit(PAGE_BITS);
        struct args args = {2, {(word)(to - world.slots), 64}, 2, {u, world.cnode}};
        CHECK(ask(world.asid_control, LABEL_ASID_CONTROL_MAKE_POOL, args) == OK);
        for (word i = 0; i < 512; i++)
                CHECK(!asid_root(to->cap.b + i));
}

/* The machine uses the space of the thread, none if it has none, and never one that has lost its number. */
static void entering(void)
{
        world_make();
        struct slot *a = new_space(), *b = new_space(), *copy = new_copy(a, RIGHTS_ALL);
        struct slot *frame = new_frame(0);

        enter(a);
        CHECK(host_space_root() == paddr_of(cap_object(a->cap)) && host_space_asid() == a->cap.b);
        enter(b);
        CHECK(host_space_root() == paddr_of(cap_object(b->cap)) && host_space_asid() == b->cap.b);
        enter(copy);
        CHECK(host_space_root() == paddr_of(cap_object(a->cap)));
        enter(NULL);
        CHECK(host_space_root() == 0 && this_core()->space == 0);
        enter(frame);
        CHECK(host_space_root() == 0);

        struct slot *unassigned = new_vspace();
        struct thread *t = world.caller;
        enter(b);
        slot_clear(&t->slot[TCB_VSPACE]);
        slot_insert(&t->slot[TCB_VSPACE], unassigned->cap, unassigned, 0);
        space_forget(t);
        space_enter(this_core(), t);
        CHECK(host_space_root() == 0);
}

/* A space in use loses its number: user level loses all mappings at once, and none comes back. */
static void losing_the_space_in_use(void)
{
        world_make();
        struct slot *pool = new_pool(), *space = new_vspace(), *tables[3], *frame = new_frame(0);
        struct slot *other = new_vspace();

        CHECK(ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) == OK);
        CHECK(ask(pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {other}}) == OK);
        map_tables(space, VA, tables);
        CHECK(map_frame_at(frame, space, VA) == OK);
        enter(space);
        CHECK(reach(VA) == cap_address(frame->cap));
        drop(pool);
        CHECK(host_space_root() == 0 && reach(VA) == ~(word)0);
        space_enter(this_core(), world.caller);
        CHECK(host_space_root() == 0 && syndrome(VA, HOST_FETCH) == 0x82000004);

        struct slot *next = new_space();
        enter(next);
        CHECK(host_space_root() != 0);
        enter(NULL);
        slot_insert_derived(&world.caller->slot[TCB_VSPACE], next->cap, next);
        space_forget(world.caller);
        space_enter(this_core(), world.caller);
        slot_clear(&world.caller->slot[TCB_VSPACE]);
        drop(next);
        CHECK(host_space_root() == 0 && this_core()->space == 0);
}

const struct test vm_tests[] = {
        {"vm words", words},
        {"vm make pool refusals", make_pool_refusals},
        {"vm assign refusals", assign_refusals},
        {"vm fill first pool", fill_first_pool},
        {"vm fill other pool", fill_other_pool},
        {"vm fill pools", fill_pools},
        {"vm pool copies", pool_copies},
        {"vm dirty pool", dirty_pool},
        {"vm entering", entering},
        {"vm losing the space in use", losing_the_space_in_use},
        {NULL, NULL},
};
