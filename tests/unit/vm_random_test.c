/* SPDX-License-Identifier: BSD-2-Clause */
/* Long random histories of a few frames, tables and VSpaces that are mapped, copied, deleted and made again.
 *
 * After every step each tree of a bound VSpace must consist of live tables, each once and where its caps say, and of
 * pages that a live frame cap accounts for.  Memory of a dead object is filled with words that look like entries for
 * tables, so that whoever still walks there meets a table that does not exist.
 */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "cap/derive.h"
#include "cap/remove.h"
#include "vm_world.h"

enum {
        STEPS = 100000,
        SPACES = 3,
        TABLES = 10,
        FRAMES = 6,
        LARGE_FRAMES = 2,
        OBJECTS = SPACES + TABLES + FRAMES + LARGE_FRAMES,
        SLOTS = 3 * OBJECTS,
};

static struct {
        word seed;
        struct slot *slot; /* SLOTS of them */
        word object[OBJECTS];
        word poison;
        word seen[TABLES]; /* how often in a tree, during a check */
        word done[16];     /* how often each step had its effect */
} life;

static word any(word below)
{
        life.seed ^= life.seed << 13;
        life.seed ^= life.seed >> 7;
        life.seed ^= life.seed << 17;
        return life.seed % below;
}

static word any_va(void)
{
        return any(2) << 39 | any(2) << 21 | any(2) << 12;
}

static struct cap first_cap(word i)
{
        void *object = window(life.object[i]);

        if (i < SPACES)
                return cap_for_object(CAP_VSPACE, object, 0, 0);
        if (i < SPACES + TABLES)
                return cap_for_object(CAP_PAGE_TABLE, object, 0, 0);
        return cap_frame(life.object[i], i >= SPACES + TABLES + FRAMES, RW, false);
}

static bool any_cap_to(struct cap c, struct slot **at)
{
        for (word i = 0; i < SLOTS; i++) {
                *at = &life.slot[i];
                if (same_object(life.slot[i].cap, c))
                        return true;
        }
        *at = NULL;
        return false;
}

static bool exists(word i)
{
        struct slot *s;

        return any_cap_to(first_cap(i), &s) || same_object(world.caller->slot[TCB_VSPACE].cap, first_cap(i));
}

static struct slot *vacant(void)
{
        for (word i = 0; i < SLOTS; i++) {
                if (slot_is_empty(&life.slot[i]))
                        return &life.slot[i];
        }
        return NULL;
}

/* A random cap of a kind, or NULL. */
static struct slot *pick(enum cap_kind kind)
{
        word start = any(SLOTS);

        for (word i = 0; i < SLOTS; i++) {
                struct slot *s = &life.slot[(start + i) % SLOTS];

                if (cap_kind(s->cap) == kind)
                        return s;
        }
        return NULL;
}

static bool frame_cap_says(word asid, word va, word entry, word level)
{
        for (word i = 0; i < SLOTS; i++) {
                struct cap c = life.slot[i].cap;

                if (cap_kind(c) == CAP_FRAME && mapped_asid(c) == asid && mapped_va(c) == va &&
                    frame_table_level(c) == level && cap_address(c) == pte_paddr(entry))
                        return true;
        }
        return false;
}

static void check_table(const word *table, word level, word asid, word va);

static void check_entry(word entry, word level, word asid, word va)
{
        struct slot *s;

        if (pte_is_page(entry, level)) {
                CHECK(frame_cap_says(asid, va, entry, level));
                return;
        }
        const word *next = window(pte_paddr(entry));
        CHECK(any_cap_to(cap_for_object(CAP_PAGE_TABLE, next, 0, 0), &s));
        CHECK(mapped_asid(s->cap) == asid && mapped_va(s->cap) == va);
        for (word i = 0; i < TABLES; i++)
                life.seen[i] += life.object[SPACES + i] == pte_paddr(entry);
        check_table(next, level + 1, asid, va);
}

static void check_table(const word *table, word level, word asid, word va)
{
        for (word i = 0; i < 512; i++) {
                if (table[i] != 0)
                        check_entry(table[i], level, asid, va | i << pte_span(level));
        }
}

static void check_world(void)
{
        for (word i = 0; i < TABLES; i++)
                life.seen[i] = 0;
        for (word asid = 0; asid < 512; asid++) {
                const word *root = asid_root(asid);

                if (root)
                        check_table(root, 0, asid, 0);
        }
        for (word i = 0; i < TABLES; i++)
                CHECK(life.seen[i] <= 1);
        word space = this_core()->space;
        CHECK(space == (host_space_root() | host_space_asid() << 48));
        CHECK(space == 0 || paddr_of(asid_root(space >> 48)) == (space & ones(48)));
}

/* --- steps; each returns whether it had an effect --- */

static bool make(void)
{
        word i = any(OBJECTS);
        struct slot *to = vacant();

        if (!to || exists(i))
                return false;
        arch_clear(window(life.object[i]), i >= OBJECTS - LARGE_FRAMES ? bit(21) : bit(12));
        slot_fill(to, first_cap(i));
        return true;
}

static bool assign(void)
{
        struct slot *space = pick(CAP_VSPACE);

        return space &&
               ask(world.pool, LABEL_ASID_POOL_ASSIGN, (struct args){.extras = 1, .extra = {space}}) == OK;
}

static bool map_a_table(void)
{
        struct slot *space = pick(CAP_VSPACE), *table = pick(CAP_PAGE_TABLE);

        return space && table && map_table_at(table, space, any_va()) == OK;
}

static bool unmap_a_table(void)
{
        struct slot *table = any(6) == 0 ? pick(CAP_PAGE_TABLE) : NULL;

        return table && mapped_asid(table->cap) && unmap_table_of(table) == OK;
}

static bool map_a_frame(void)
{
        struct slot *space = pick(CAP_VSPACE), *frame = pick(CAP_FRAME);
        word rights = any(4);

        if (!space || !frame)
                return false;
        word va = any(4) && mapped_asid(frame->cap) ? mapped_va(frame->cap) : any_va();
        if (map_frame_with(frame, space, va, (const word[2]){rights, any(8)}) != OK)
                return false;
        word *root = cap_object(space->cap), entry = *table_walk(root, va).entry;
        bool writes = host_walk(paddr_of(root), va, HOST_WRITE).ok,
             reads = host_walk(paddr_of(root), va, HOST_READ).ok;
        word allowed = frame_rights(cap_masked(frame->cap, rights));
        CHECK(pte_paddr(entry) == cap_address(frame->cap));
        CHECK(writes == (allowed == RW) && reads == (allowed != 0));
        return true;
}

static bool unmap_a_frame(void)
{
        struct slot *frame = pick(CAP_FRAME);

        return frame && mapped_asid(frame->cap) && unmap_frame_of(frame) == OK;
}

static bool copy(void)
{
        struct slot *from = &life.slot[any(SLOTS)], *to = vacant();
        struct refusal why;
        struct cap c;

        if (any(6) || !to || slot_is_empty(from) ||
            cap_derive(from, cap_masked(from->cap, any(16)), &c, &why) != DONE)
                return false;
        slot_insert_derived(to, c, from);
        return true;
}

static bool destroy(void)
{
        struct slot *s = any(2) == 0 ? &life.slot[any(SLOTS)] : NULL;

        if (!s || slot_is_empty(s))
                return false;
        word i = 0;
        while (!same_object(first_cap(i), s->cap))
                i++;
        drop(s);
        word *memory = window(life.object[i]);
        for (word w = 0; !exists(i) && w < 512; w++)
                memory[w] = life.poison;
        return true;
}

static bool enter_a_space(void)
{
        struct slot *space = pick(CAP_VSPACE), *held = &world.caller->slot[TCB_VSPACE];

        if (!slot_is_empty(held))
                drop(held);
        enter(space && space->cap.b != 0 && any(4) ? space : NULL);
        return this_core()->space != 0;
}

static bool touch(void)
{
        struct slot *frame = pick(CAP_FRAME);

        for (word i = 0; i < 8 && frame && mapped_asid(frame->cap) != host_space_asid(); i++)
                frame = pick(CAP_FRAME);
        word va = frame && any(4) ? mapped_va(frame->cap) : any_va();
        return host_translate(va, (enum host_access)any(3)).ok;
}

static bool (*const steps[])(void) = {make,          assign, map_a_table, unmap_a_table, map_a_frame,
                                      unmap_a_frame, copy,   destroy,     enter_a_space, touch};
enum { MAP_A_TABLE = 2, MAP_A_FRAME = 4, STEP_KINDS = sizeof(steps) / sizeof(steps[0]) };

static void live(word seed)
{
        world_make();
        life.seed = seed;
        life.slot = &world.slots[64];
        life.poison = pte_table(new_memory(12));
        for (word i = 0; i < OBJECTS; i++)
                life.object[i] = new_memory(i >= OBJECTS - LARGE_FRAMES ? 21 : 12);
        for (word i = 0; i < STEPS; i++) {
                word which = any(2) ? any(STEP_KINDS) : any(2) ? MAP_A_TABLE : MAP_A_FRAME;

                life.done[which] += steps[which]();
                check_world();
        }
}

static void histories(void)
{
        for (word seed = 1; seed <= 4; seed++)
                live(seed * 0x9e3779b97f4a7c15);
        for (word i = 0; i < STEP_KINDS; i++)
                CHECK(life.done[i] > 100);
}

const struct test vm_random_tests[] = {
        {"vm random histories", histories},
        {NULL, NULL},
};
