/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps with address spaces and CSpaces. */
#include "steps.h"

static bool make_space(struct thing *t)
{
        return !vspace_create(&t->space, &cspace);
}

/* Pages of our own, passed in or made; the space owns both. */
static void fill(vspace_t *space)
{
        struct thing *other = choose_thing(SPACE);
        unsigned large = rarely(8) ? VSPACE_LARGE : 0;

        if (other && other->space.top && rarely(4)) {
                (void)vspace_share(&other->space, (const void *)choose_address(), choose_count(), space,
                                   choose_address(), choose_flags(), NULL);
        } else {
                (void)vspace_new_pages(space, choose_address(), choose_count(),
                                       (enum vspace_flags)(choose_flags() | large));
        }
}

void use_space(vspace_t *space)
{
        switch (choose(9)) {
        case 0:
                (void)vspace_unmap(space, choose_address(), choose_count());
                break;
        case 1:
                (void)vspace_protect(space, choose_address(), choose_count(), choose_flags());
                break;
        case 2:
                (void)vspace_reserve(space, choose_address(), choose_count());
                break;
        case 3:
                (void)vspace_unreserve(space, choose_address(), choose_count());
                break;
        case 4:
                (void)vspace_find_free(space, choose_count(), seL4_PageBits + choose(30));
                (void)vspace_lookup(space, choose_address());
                break;
        case 5:
                (void)vspace_sync_code(space, choose_address(), choose_count());
                (void)vspace_sweep(space);
                break;
        default:
                fill(space);
                break;
        }
}

static void use_space_thing(struct thing *t)
{
        use_space(&t->space);
}

static int unmake_space(struct thing *t)
{
        return vspace_destroy(&t->space);
}

const struct step_calls steps_space = {make_space, use_space_thing, unmake_space};

static bool make_slots(struct thing *t)
{
        bool two = choose(2);

        return !(two ? cspace_create_two_level(&cspace, &t->slots, bootstrap_alloc(&cspace))
                     : cspace_create_one_level(&cspace, &t->slots));
}

static void fill_slots(cspace_t *slots)
{
        for (uint64_t i = choose(300); i > 0; i--) {
                seL4_CPtr slot = cspace_alloc_slot(slots);

                if (slot && i % 50 == 1)
                        (void)cspace_copy(slots, slot, &cspace, seL4_CapInitThreadTCB, seL4_AllRights);
        }
}

/* Slots by any number, ours or not: what must not be freed is refused. */
static void use_slots(struct thing *t)
{
        seL4_CPtr slot = rarely(64) ? choose(1ul << 32) << choose(32) : choose(300);
        seL4_CPtr to;

        switch (choose(6)) {
        case 0:
                fill_slots(&t->slots);
                break;
        case 1:
                slot = cspace_alloc_slots(&t->slots, (unsigned)choose(70));
                break;
        case 2:
                (void)cspace_free_slot_checked(&t->slots, slot);
                break;
        case 3:
                (void)cspace_delete_and_free(&t->slots, slot);
                break;
        case 4:
                (void)cspace_reserve(&t->slots, choose(600));
                break;
        default:
                to = choose(300);
                if (cspace_is_allocated(&t->slots, to))
                        (void)cspace_move(&t->slots, to, &t->slots, slot);
                break;
        }
}

static int unmake_slots(struct thing *t)
{
        return (int)cspace_destroy_checked(&t->slots);
}

const struct step_calls steps_slots = {make_slots, use_slots, unmake_slots};
