/* SPDX-License-Identifier: BSD-2-Clause */
/* The world of the tests of virtual memory (see vm_world.h). */
#include "vm_world.h"
#include "arch/host/host.h"
#include "cap/derive.h"
#include "cap/remove.h"
#include "invoke/invocations.h"
#include "tests/lib/kernel_view.h"

#include <string.h>

struct world world;

static void on_stale(word asid, word va)
{
        test_fail(__FILE__, __LINE__, "stale translation: ASID %lu address %lx", asid, va);
}

void world_make(void)
{
        host_memory_make(WORLD_MEMORY);
        host_tlb_reset();
        host_stale_hook = on_stale;
        host_cache_hook = NULL;
        memset(&kernel, 0, sizeof(kernel));
        memset(&world, 0, sizeof(world));
        world.memory = HOST_BASE;
        world.slots = window(new_memory(WORLD_SLOT_BITS + SLOT_BITS));
        world.caller = window(new_memory(TCB_BITS));
        world.cnode = new_cap(cap_cnode(world.slots, WORLD_SLOT_BITS, 0, 64 - WORLD_SLOT_BITS));
        world.asid_control = new_cap(cap_make(CAP_ASID_CONTROL, 0, 0, 0));
        struct asid_pool *pool = window(new_memory(PAGE_BITS));
        asid_pool_add(pool, 0);
        world.pool = new_cap(cap_for_object(CAP_ASID_POOL, pool, 0, 0));
}

word new_memory(word bits)
{
        word at = align_up(world.memory, bits);

        world.memory = at + bit(bits);
        CHECK(world.memory <= HOST_BASE + (word)WORLD_MEMORY);
        return at;
}

struct slot *new_slot(void)
{
        return &world.slots[world.next_slot++];
}

struct slot *new_cap(struct cap c)
{
        struct slot *s = new_slot();

        slot_fill(s, c);
        return s;
}

struct slot *new_frame(word level)
{
        return new_cap(cap_frame(new_memory(PAGE_BITS + 9 * level), level, RW, false));
}

struct slot *new_device_frame(word paddr, word level)
{
        return new_cap(cap_frame(paddr, level, RW, true));
}

struct slot *new_table(void)
{
        return new_cap(cap_for_object(CAP_PAGE_TABLE, window(new_memory(PAGE_BITS)), 0, 0));
}

struct slot *new_vspace(void)
{
        return new_cap(cap_for_object(CAP_VSPACE, window(new_memory(PAGE_BITS)), 0, 0));
}

struct slot *new_space(void)
{
        struct slot *s = new_vspace();

        CHECK(ask(world.pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {s}}) == OK);
        return s;
}

struct slot *new_untyped(word bits, bool device)
{
        return new_cap(cap_untyped(new_memory(bits), bits, device, 0));
}

struct slot *new_pool(void)
{
        struct slot *to = new_slot(), *untyped = new_untyped(PAGE_BITS, false);
        word index = (word)(to - world.slots);
        struct args args = {2, {index, 64}, 2, {untyped, world.cnode}};

        return ask(world.asid_control, LABEL_ASID_CONTROL_MAKE_POOL, args) == OK ? to : NULL;
}

struct slot *new_copy(struct slot *of, word rights)
{
        struct refusal why;
        struct cap c;

        if (cap_derive(of, cap_masked(of->cap, rights), &c, &why) != DONE)
                return NULL;
        struct slot *s = new_slot();
        slot_insert_derived(s, c, of);
        return s;
}

word ask(struct slot *on, word label, struct args args)
{
        struct request *r = &world.last;

        *r = (struct request){.caller = world.caller,
                              .slot = on,
                              .cap = on->cap,
                              .label = label,
                              .length = args.length,
                              .extras = args.extras,
                              .extra = {args.extra[0], args.extra[1]},
                              .blocking = true,
                              .call = true};
        for (word i = 0; i < 3; i++)
                world.caller->context.x[REG_MESSAGE + i] = args.mr[i];
        enum outcome outcome = invocation_perform(r);
        host_tlb_check(view_root_of_asid);
        CHECK(outcome == DONE || outcome == REFUSED);
        return outcome == DONE ? OK : r->why.error;
}

bool details(word length, word d0, word d1, word d2)
{
        const struct refusal *why = &world.last.why;
        const word wanted[3] = {d0, d1, d2};

        for (word i = 0; i < length; i++) {
                if (why->detail[i] != wanted[i])
                        return false;
        }
        return why->length == length;
}

word map_frame_with(struct slot *frame, struct slot *space, word va, const word rights_and_attributes[2])
{
        struct args args = {3, {va, rights_and_attributes[0], rights_and_attributes[1]}, 1, {space}};

        return ask(frame, LABEL_PAGE_MAP, args);
}

word map_frame_at(struct slot *frame, struct slot *space, word va)
{
        return map_frame_with(frame, space, va, (const word[2]){RW, DEFAULT_ATTRIBUTES});
}

word unmap_frame_of(struct slot *frame)
{
        return ask(frame, LABEL_PAGE_UNMAP, (struct args){0});
}

word map_table_at(struct slot *table, struct slot *space, word va)
{
        return ask(table, LABEL_PAGE_TABLE_MAP, (struct args){2, {va, DEFAULT_ATTRIBUTES}, 1, {space}});
}

word unmap_table_of(struct slot *table)
{
        return ask(table, LABEL_PAGE_TABLE_UNMAP, (struct args){0});
}

void map_tables(struct slot *space, word va, struct slot *tables[3])
{
        for (word i = 0; i < 3; i++) {
                tables[i] = new_table();
                CHECK(map_table_at(tables[i], space, va) == OK);
        }
}

void drop(struct slot *s)
{
        CHECK(slot_delete(s) == DONE);
        CHECK(slot_is_empty(s));
        host_tlb_check(view_root_of_asid);
}

void enter(struct slot *space)
{
        struct thread *t = world.caller;

        if (!slot_is_empty(&t->slot[TCB_VSPACE]))
                slot_clear(&t->slot[TCB_VSPACE]);
        if (space)
                slot_insert_derived(&t->slot[TCB_VSPACE], space->cap, space);
        space_forget(t);
        space_enter(this_core(), t);
}

word reach(word va)
{
        struct host_translation t = host_translate(va, HOST_READ);

        return t.ok ? t.paddr : ~(word)0;
}

word syndrome(word va, enum host_access how)
{
        struct host_translation t = host_translate(va, how);

        return t.ok ? 0 : t.syndrome;
}
