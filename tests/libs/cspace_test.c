/* SPDX-License-Identifier: BSD-2-Clause */
/* CSpaces: slots, growth, misuse, derived CSpaces, a million slots. */
#include "libs.h"

static void bits(const seL4_BootInfo *bi)
{
        unsigned long map[2] = {0};

        (void)bi;
        for (unsigned long i = 0; i < 128; i++) {
                CHECK_EQUAL(bf_first_free(2, map), i);
                CHECK(!bf_get_bit(map, i));
                bf_set_bit(map, i);
                CHECK(bf_get_bit(map, i));
        }
        CHECK_EQUAL(bf_first_free(2, map), 128);
        bf_clr_bit(map, 64);
        CHECK_EQUAL(bf_first_free(2, map), 64);
        CHECK_EQUAL(bf_first_set(2, map), 0);
        bf_clr_bit(map, 0);
        CHECK_EQUAL(bf_first_free(2, map), 0);
        CHECK_EQUAL(bf_first_set(2, map), 1);
}

static void boot_capabilities_keep_their_numbers(const seL4_BootInfo *bi)
{
        libs_start(bi);
        CHECK_EQUAL(cspace.root_cnode, seL4_CapInitThreadCNode);
        CHECK(!cspace.bootstrap && cspace.two_level);
        CHECK_EQUAL(cspace.top_lvl_size_bits, INITIAL_TASK_CNODE_SIZE_BITS);
        for (seL4_CPtr slot = 1; slot < seL4_NumInitialCaps; slot++) {
                bool empty = slot == seL4_CapIOPortControl || slot == seL4_CapIOSpace ||
                             slot == seL4_CapSMMUSIDControl || slot == seL4_CapSMMUCBControl ||
                             slot == seL4_CapSMC;
                CHECK_EQUAL(cspace_is_occupied(&cspace, slot), !empty);
        }
        CHECK(!cspace_is_occupied(&cspace, 0));
        CHECK_EQUAL(cspace_own_slots(&cspace), WATERMARK_SLOTS); /* the first page of books is static */
        for (seL4_CPtr slot = bi->untyped.start; slot < bi->untyped.end; slot++)
                CHECK(cspace_is_occupied(&cspace, slot));
        CHECK_EQUAL(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 255), 0);
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

static void slots_come_back(const seL4_BootInfo *bi)
{
        seL4_CPtr a, b;

        libs_start(bi);
        a = cspace_alloc_slot(&cspace);
        b = cspace_alloc_slot(&cspace);
        CHECK(a && b && a != b);
        cspace_free_slot(&cspace, a);
        CHECK_EQUAL(cspace_alloc_slot(&cspace), a);
        CHECK(cspace_is_allocated(&cspace, a) && !cspace_is_occupied(&cspace, a));
        CHECK_EQUAL(libs_reports(), 0);
}

static void misuse_is_refused(const seL4_BootInfo *bi)
{
        seL4_CPtr slot;
        size_t used;

        libs_start(bi);
        slot = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(cspace_copy(&cspace, slot, &cspace, seL4_CapInitThreadTCB, seL4_AllRights), 0);
        used = cspace_used_slots(&cspace);
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, slot), CSPACE_ERROR); /* occupied */
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_delete(&cspace, slot), 0);
        CHECK_EQUAL(cspace_delete(&cspace, slot), 0); /* deleting an empty slot is fine */
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, slot), CSPACE_NOERROR);
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, slot), CSPACE_ERROR); /* twice */
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, 1ul << 30), CSPACE_ERROR);
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, ~0ul), CSPACE_ERROR);
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, cspace.reserve[0]), CSPACE_ERROR);
        CHECK_EQUAL(libs_reports(), 4);
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, seL4_CapNull), CSPACE_NOERROR);
        CHECK_EQUAL(cspace_delete_and_free(&cspace, slot), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_used_slots(&cspace), used - 1);
        CHECK_EQUAL(cspace_destroy_checked(&cspace), CSPACE_ERROR);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_save_reply_cap(&cspace, slot), seL4_IllegalOperation);
        CHECK_EQUAL(libs_reports(), 1);
        libs_audit();
}

static void kernel_errors_come_through(const seL4_BootInfo *bi)
{
        seL4_CPtr a, b, ep;
        ut_t *ut;

        libs_start(bi);
        a = cspace_alloc_slot(&cspace);
        b = cspace_alloc_slot(&cspace);
        ut = ut_new_object(&cspace, &ep, seL4_EndpointObject, 0);
        CHECK(ut);
        CHECK_EQUAL(cspace_copy(&cspace, a, &cspace, b, seL4_AllRights), seL4_FailedLookup);
        CHECK_EQUAL(cspace_copy(&cspace, ep, &cspace, seL4_CapInitThreadTCB, seL4_AllRights),
                    seL4_DeleteFirst);
        CHECK_EQUAL(cspace_copy(&cspace, a, &cspace, seL4_CapIRQControl, seL4_AllRights),
                    seL4_IllegalOperation);
        CHECK_EQUAL(cspace_mint(&cspace, a, &cspace, ep, seL4_AllRights, 5), 0);
        CHECK_EQUAL(cspace_mint(&cspace, b, &cspace, a, seL4_AllRights, 6), seL4_IllegalOperation);
        CHECK_EQUAL(cspace_move(&cspace, b, &cspace, a), 0);
        CHECK(!cspace_is_occupied(&cspace, a) && cspace_is_occupied(&cspace, b));
        CHECK_EQUAL(cspace_mutate(&cspace, a, &cspace, b, 7), seL4_IllegalOperation);
        CHECK_EQUAL(cspace_revoke(&cspace, ep), 0);
        CHECK(!cspace_is_occupied(&cspace, b) && cspace_is_occupied(&cspace, ep));
        CHECK_EQUAL(cspace_untyped_retype(&cspace, ut->cap, a, seL4_EndpointObject, 0), seL4_NotEnoughMemory);
        CHECK_EQUAL(ut_free_object(&cspace, ep, ut), UT_OK);
        CHECK_EQUAL(cspace_irq_control_get(&cspace, a, seL4_CapIRQControl, 40, 1), 0);
        CHECK_EQUAL(cspace_irq_control_get(&cspace, b, seL4_CapIRQControl, 40, 1), seL4_RevokeFirst);
        CHECK_EQUAL(cspace_delete_and_free(&cspace, a), 0);
        cspace_free_slot(&cspace, b);
        libs_audit();
}

static void one_level_has_127_slots(const seL4_BootInfo *bi)
{
        static cspace_t target;
        struct libs_balance before;

        libs_start(bi);
        before = libs_balance();
        CHECK_EQUAL(cspace_create_one_level(&cspace, &target), CSPACE_NOERROR);
        for (seL4_CPtr i = 1; i < 128; i++) {
                CHECK_EQUAL(cspace_alloc_slot(&target), i);
                CHECK_EQUAL(cspace_copy(&target, i, &cspace, seL4_CapInitThreadTCB, seL4_AllRights), 0);
        }
        CHECK_EQUAL(cspace_alloc_slot(&target), seL4_CapNull);
        CHECK_EQUAL(cspace_free_slot_checked(&target, 128), CSPACE_ERROR);
        CHECK_EQUAL(cspace_create_one_level(&target, &target), CSPACE_ERROR); /* no memory source */
        CHECK_EQUAL(libs_reports(), 2);
        CHECK_EQUAL(cspace_delete_and_free(&target, 77), 0);
        CHECK_EQUAL(cspace_alloc_slot(&target), 77);
        CHECK_EQUAL(cspace_audit_all(&target), 0);
        CHECK_EQUAL(cspace_destroy_checked(&target), CSPACE_NOERROR);
        CHECK_EQUAL(cspace_alloc_slot(&target), seL4_CapNull); /* poisoned */
        CHECK_EQUAL(cspace_destroy_checked(&target), CSPACE_ERROR);
        CHECK_EQUAL(libs_reports(), 2);
        libs_check_balance(before);
        libs_audit();
}

static void two_level_fills_to_the_last_slot(const seL4_BootInfo *bi)
{
        enum { LIMIT = 128 * 128 };
        static cspace_t target;
        struct libs_balance before;
        size_t got = 0;

        libs_start(bi);
        CHECK_EQUAL(cspace_create_two_level(&cspace, &target, bootstrap_alloc(&cspace)), CSPACE_NOERROR);
        cspace_destroy(&target); /* tables of the window are there now */
        before = libs_balance();
        CHECK_EQUAL(cspace_create_two_level(&cspace, &target, bootstrap_alloc(&cspace)), CSPACE_NOERROR);
        for (seL4_CPtr slot = cspace_alloc_slot(&target); slot; slot = cspace_alloc_slot(&target)) {
                if (slot % 97 == 0) {
                        CHECK_EQUAL(
                                cspace_copy(&target, slot, &cspace, seL4_CapInitThreadTCB, seL4_AllRights),
                                0);
                }
                got++;
        }
        CHECK_EQUAL(got, LIMIT - 1);
        CHECK_EQUAL(cspace_capacity(&target), LIMIT);
        cspace_free_slot(&target, 9999);
        CHECK_EQUAL(cspace_alloc_slot(&target), 9999);
        CHECK_EQUAL(cspace_destroy_checked(&target), CSPACE_NOERROR);
        libs_check_balance(before);
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

/* Retype into a leaf that is not the first. */
static void retype_reaches_any_leaf(const seL4_BootInfo *bi)
{
        static cspace_t target;
        seL4_CPtr slot = 0;
        ut_t *ut;

        libs_start(bi);
        CHECK_EQUAL(cspace_create_two_level(&cspace, &target, bootstrap_alloc(&cspace)), CSPACE_NOERROR);
        while (slot < 300)
                slot = cspace_alloc_slot(&target);
        ut = ut_alloc(seL4_EndpointBits, &cspace);
        CHECK_EQUAL(cspace_untyped_retype(&target, ut->cap, slot, seL4_EndpointObject, 0), 0);
        CHECK(cspace_is_occupied(&target, slot));
        CHECK_EQUAL(ut_free_checked(ut), UT_IN_USE);
        cspace_destroy(&target);
        CHECK_EQUAL(ut_free_checked(ut), UT_OK);
        libs_audit();
}

static void runs_of_slots(const seL4_BootInfo *bi)
{
        seL4_CPtr first;
        size_t used;
        ut_t *ut;

        libs_start(bi);
        first = cspace_alloc_slots(&cspace, 64);
        CHECK(first);
        CHECK_EQUAL(first / 128, (first + 63) / 128);
        ut = ut_alloc(10, &cspace);
        CHECK_EQUAL(cspace_untyped_retype_n(&cspace, ut->cap, first, seL4_EndpointObject, 0, 64), 0);
        CHECK_EQUAL(cspace_revoke(&cspace, ut->cap), 0);
        for (unsigned i = 0; i < 60; i++)
                CHECK_EQUAL(cspace_free_slot_checked(&cspace, first + i), CSPACE_NOERROR);
        used = cspace_used_slots(&cspace);
        cspace_free_emptied(&cspace, first + 59, 4); /* the first is free already */
        cspace_free_emptied(&cspace, first + 60, 127);
        cspace_free_emptied(&cspace, 1ul << 30, 1);
        cspace_free_emptied(&cspace, cspace.reserve[0], 1);
        CHECK_EQUAL(libs_reports(), 4);
        CHECK_EQUAL(cspace_used_slots(&cspace), used);
        cspace_free_emptied(&cspace, first + 60, 4);
        CHECK_EQUAL(cspace_used_slots(&cspace), used - 4);
        CHECK_EQUAL(cspace_alloc_slots(&cspace, 64), first);
        cspace_free_emptied(&cspace, first, 64);
        ut_free(ut);
        CHECK_EQUAL(cspace_alloc_slots(&cspace, 65), seL4_CapNull);
        CHECK_EQUAL(cspace_alloc_slots(&cspace, 0), seL4_CapNull);
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

/* The first run of `n` free ones among 128, counted one by one. */
static seL4_CPtr first_run(const bool *taken, unsigned n)
{
        for (unsigned i = 1, length = 0; i < 128; i++) {
                length = taken[i] ? 0 : length + 1;
                if (length == n)
                        return i + 1 - n;
        }
        return seL4_CapNull;
}

static void runs_are_the_first_that_fit(const seL4_BootInfo *bi)
{
        static cspace_t c;
        uint64_t random = 1;

        libs_start(bi);
        for (unsigned trial = 0; trial < 300; trial++) {
                bool taken[128] = {true};
                seL4_CPtr first;

                CHECK_EQUAL(cspace_create_one_level(&cspace, &c), 0);
                for (unsigned i = 1; i < 128; i++)
                        CHECK_EQUAL(cspace_alloc_slot(&c), i);
                for (unsigned i = 1; i < 128; i++) { /* runs about as long as the trial says */
                        random = random * 6364136223846793005u + 1442695040888963407u;
                        taken[i] = random >> 33 & ((1u << trial % 8) - 1) ? taken[i - 1] : random >> 63;
                        if (!taken[i])
                                cspace_free_slot(&c, i);
                }
                for (unsigned n = 64; n > 0; n--) {
                        first = cspace_alloc_slots(&c, n);
                        CHECK_EQUAL(first, first_run(taken, n));
                        if (first)
                                cspace_free_emptied(&c, first, n);
                }
                cspace_destroy(&c);
        }
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

static void a_referenced_cspace_keeps_its_memory(const seL4_BootInfo *bi)
{
        static cspace_t target;
        struct libs_balance before;
        seL4_CPtr holder;

        libs_start(bi);
        before = libs_balance();
        holder = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(cspace_create_one_level(&cspace, &target), CSPACE_NOERROR);
        CHECK_EQUAL(cspace_copy(&cspace, holder, &cspace, target.root_cnode, seL4_AllRights), 0);
        CHECK_EQUAL(cspace_destroy_checked(&target), CSPACE_ERROR);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_delete_and_free(&cspace, holder), 0);
        CHECK_EQUAL(cspace_destroy_checked(&target), CSPACE_NOERROR);
        libs_check_balance(before);
        libs_audit();
}

static void a_million_slots(const seL4_BootInfo *bi)
{
        enum { MILLION = 1000000 };
        static seL4_CPtr mine[MILLION];
        unsigned long calls;
        seL4_CPtr last = 0;

        libs_start(bi);
        for (unsigned i = 0; i < MILLION; i++) {
                last = mine[i] = cspace_alloc_slot(&cspace);
                CHECK(last);
        }
        CHECK(cspace_used_slots(&cspace) >= MILLION);
        calls = libs_calls();
        for (unsigned i = 0; i < 1000; i++) {
                seL4_CPtr slot = mine[libs_random() % MILLION];

                CHECK_EQUAL(cspace_free_slot_checked(&cspace, slot), CSPACE_NOERROR);
                CHECK_EQUAL(cspace_alloc_slot(&cspace), slot);
        }
        CHECK_EQUAL(libs_calls() - calls, 1000); /* only the question whether the slot is empty */
        CHECK_EQUAL(cspace_copy(&cspace, last, &cspace, seL4_CapInitThreadTCB, seL4_AllRights), 0);
        CHECK_EQUAL(cspace_delete(&cspace, last), 0);
        CHECK_EQUAL(libs_reports(), 0);
        libs_note("     %zu slots in use, %u leaves, the last slot is 0x%lx", cspace_used_slots(&cspace),
                  cspace.leaves, last);
}

/* A million random operations beside a model: an array of what is handed out. */
static void random_operations(const seL4_BootInfo *bi)
{
        enum { OPERATIONS = 1000000, MODEL = 5000 };
        static seL4_CPtr mine[MODEL];
        static bool taken[1 << 16];
        static cspace_t target;
        size_t held = 0;

        libs_start(bi);
        CHECK_EQUAL(cspace_create_two_level(&cspace, &target, bootstrap_alloc(&cspace)), CSPACE_NOERROR);
        for (int i = 0; i < OPERATIONS; i++) {
                if (held < MODEL && (held == 0 || libs_random() % 2)) {
                        seL4_CPtr slot = cspace_alloc_slot(&target);

                        CHECK(slot && !taken[slot]);
                        taken[slot] = true;
                        mine[held++] = slot;
                } else {
                        size_t k = libs_random() % held;

                        CHECK_EQUAL(cspace_free_slot_checked(&target, mine[k]), CSPACE_NOERROR);
                        taken[mine[k]] = false;
                        mine[k] = mine[--held];
                }
        }
        CHECK_EQUAL(cspace_used_slots(&target), held + 1);
        CHECK_EQUAL(cspace_audit_all(&target), 0);
        CHECK_EQUAL(cspace_destroy_checked(&target), CSPACE_NOERROR);
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

static void growth_fails_cleanly_without_memory(const seL4_BootInfo *bi)
{
        static ut_t *hoard[1 << 15];
        size_t n = 0;
        size_t used;
        seL4_CPtr slot;

        libs_start(bi);
        while (n < sizeof(hoard) / sizeof(hoard[0]) && (hoard[n] = ut_alloc_4k_untyped(NULL)))
                n++;
        CHECK(n > 1000 && n < sizeof(hoard) / sizeof(hoard[0]));
        do { /* the reserve of untypeds lets it grow a little more */
                slot = cspace_alloc_slot(&cspace);
        } while (slot);
        used = cspace_used_slots(&cspace);
        CHECK_EQUAL(cspace_alloc_slot(&cspace), seL4_CapNull);
        CHECK_EQUAL(cspace_used_slots(&cspace), used);
        /* There are no slots left, so no object can be made; memory that is returned lets it grow again. */
        ut_free(hoard[--n]);
        CHECK(cspace_alloc_slot(&cspace));
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

/* P-33: the 128th slot comes with a second level, and every CPtr means what it meant. */
static void one_level_becomes_two(const seL4_BootInfo *bi)
{
        static cspace_t c;
        struct libs_balance before;
        seL4_CPtr ep, root, slot, last = 0;

        libs_start(bi);
        CHECK(ut_new_object(&cspace, &ep, seL4_EndpointObject, 0));
        for (unsigned fail = 0; fail < 40; fail++) { /* undone wherever it fails */
                before = libs_balance();
                CHECK_EQUAL(cspace_create(&cspace, &c), 0);
                CHECK_EQUAL(cspace_capacity(&c), 16384);
                for (seL4_CPtr want = 1; want < 128; want++)
                        CHECK_EQUAL(cspace_alloc_slot(&c), want);
                CHECK_EQUAL(cspace_mint(&c, 100, &cspace, ep, seL4_AllRights, 77), 0);
                root = c.root_cnode;
                libs_inject(fail ? 3 : 0, fail);
                slot = cspace_alloc_slot(&c);
                libs_inject(0, 0);
                if (!slot) {
                        CHECK_EQUAL(c.used, 128);
                        CHECK(c.two_level || c.root_cnode == root);
                        slot = cspace_alloc_slot(&c); /* with memory it works */
                }
                CHECK_EQUAL(slot, 128);
                CHECK(c.two_level && c.root_cnode != root && cspace_is_occupied(&c, 100));
                CHECK_EQUAL(cspace_copy(&c, 128, &c, 100, seL4_AllRights), 0);
                libs_reports();
                CHECK_EQUAL(cspace_free_slot_checked(&c, 128), CSPACE_ERROR); /* occupied */
                CHECK_EQUAL(libs_reports(), 1);
                CHECK_EQUAL(cspace_audit_all(&c), 0);
                cspace_destroy(&c);
                libs_check_balance(before);
                CHECK_EQUAL(libs_reports(), 0);
        }
        CHECK_EQUAL(cspace_create(&cspace, &c), 0);
        while ((slot = cspace_alloc_slot(&c)) != seL4_CapNull)
                last = slot;
        CHECK_EQUAL(last, 16383);
        cspace_destroy(&c);
        libs_audit();
}

const struct libs_case cspace_cases[] = {
        {"cspace: one level becomes two", one_level_becomes_two, 0, true},
        {"cspace: bit fields", bits, 0, false},
        {"cspace: boot capabilities keep their numbers", boot_capabilities_keep_their_numbers, 0, false},
        {"cspace: slots come back", slots_come_back, 0, false},
        {"cspace: misuse is refused and reported", misuse_is_refused, 0, false},
        {"cspace: kernel errors come through", kernel_errors_come_through, 0, false},
        {"cspace: one level has 127 slots", one_level_has_127_slots, 0, false},
        {"cspace: two levels fill to the last slot", two_level_fills_to_the_last_slot, 0, true},
        {"cspace: retype reaches any leaf", retype_reaches_any_leaf, 0, false},
        {"cspace: runs of slots", runs_of_slots, 0, false},
        {"cspace: runs are the first that fit", runs_are_the_first_that_fit, 0, false},
        {"cspace: a referenced CSpace keeps its memory", a_referenced_cspace_keeps_its_memory, 0, false},
        {"cspace: a million slots", a_million_slots, 256, true},
        {"cspace: a million random operations", random_operations, 0, true},
        {"cspace: growth fails cleanly without memory", growth_fails_cleanly_without_memory, 16, true},
};
LIBS_COUNT(cspace_cases);
