/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: mapping, sharing, reserving, devices, the frame table. */
#include "libs.h"

#include <aos/mapping.h>
#include <frames/frame_table.h>
#include <string.h>

enum { PAGE = 4096 };

static void pages_come_and_go(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        char *p;

        libs_start(bi);
        before = libs_balance();
        p = vspace_new_pages(&vspace, 0, 3, VSPACE_RW);
        CHECK(p);
        for (int i = 0; i < 3 * PAGE; i++)
                CHECK_EQUAL(p[i], 0);
        memset(p, 0x5a, 3 * PAGE);
        CHECK_EQUAL(vspace.pages, before.pages + 3);
        libs_audit();
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 3), 0);
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 3), seL4_InvalidArgument);
        libs_check_balance(before);
        p = vspace_new_pages(&vspace, 0, 1, VSPACE_RW);
        for (int i = 0; i < PAGE; i++) {
                CHECK_EQUAL(p[i], 0); /* none of the old contents */
        }
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 1), 0);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static void nothing_is_mapped_over(const seL4_BootInfo *bi)
{
        seL4_CPtr frame, other;
        seL4_Word at = 0x20000000;

        libs_start(bi);
        CHECK(ut_new_object(&cspace, &frame, seL4_ARM_SmallPageObject, seL4_PageBits));
        CHECK(ut_new_object(&cspace, &other, seL4_ARM_SmallPageObject, seL4_PageBits));
        CHECK_EQUAL(vspace_map(&vspace, frame, at, seL4_PageBits, VSPACE_RW), 0);
        CHECK_EQUAL(vspace_map(&vspace, other, at, seL4_PageBits, VSPACE_RW), seL4_DeleteFirst);
        CHECK(!vspace_new_pages(&vspace, at, 1, VSPACE_RW));
        CHECK(!vspace_new_pages(&vspace, at - PAGE, 2, VSPACE_RW));
        CHECK_EQUAL(vspace_lookup(&vspace, at - PAGE).kind, VSPACE_EMPTY); /* undone */
        CHECK_EQUAL(vspace_map(&vspace, frame, at + PAGE, seL4_PageBits, VSPACE_RW), seL4_InvalidArgument);
        CHECK_EQUAL(vspace_map(&vspace, other, at + 1, seL4_PageBits, VSPACE_RW), seL4_AlignmentError);
        CHECK_EQUAL(vspace_map(&vspace, other, 1ul << 47, seL4_PageBits, VSPACE_RW), seL4_InvalidArgument);
        CHECK_EQUAL(vspace_map(&vspace, seL4_CapInitThreadTCB, at + PAGE, seL4_PageBits, VSPACE_RW),
                    seL4_IllegalOperation);
        CHECK(!vspace_new_pages(&vspace, (seL4_Word)bi & ~0xffful, 1, VSPACE_RW)); /* the boot information */
        CHECK(!vspace_new_pages(&vspace, (seL4_Word)bi->ipcBuffer, 1, VSPACE_RW));
        CHECK(!vspace_new_pages(&vspace, BOOK_WINDOW_START, 1, VSPACE_RW));
        CHECK_EQUAL(vspace_unmap(&vspace, at, 1), 0);
        CHECK(cspace_is_occupied(&cspace, frame)); /* the capability stays the caller's */
        CHECK_EQUAL(vspace_map(&vspace, other, at, seL4_PageBits, VSPACE_RW), 0);
        libs_audit();
}

static void large_pages(const seL4_BootInfo *bi)
{
        enum { LARGE = 2 << 20 };
        struct libs_balance before;
        char *p;

        libs_start(bi);
        before = libs_balance();
        p = vspace_new_pages(&vspace, 0, 2 * LARGE / PAGE + 3, VSPACE_RW | VSPACE_LARGE);
        CHECK(p);
        CHECK_EQUAL((seL4_Word)p % LARGE, 0);
        CHECK_EQUAL(vspace.pages, before.pages + 2 + 3);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)p + 12345).size_bits, seL4_LargePageBits);
        p[LARGE - 1] = 1;
        p[2 * LARGE + 3 * PAGE - 1] = 2;
        CHECK(!vspace_new_pages(&vspace, (seL4_Word)p + PAGE, 1, VSPACE_RW));
        CHECK_EQUAL(vspace_unmap(&vspace, (seL4_Word)p, 1),
                    seL4_InvalidArgument); /* a part of a large page */
        libs_audit();
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 2 * LARGE / PAGE + 3), 0);
        libs_check_balance(before);
        libs_audit();
}

static void sharing(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        static vspace_t other;
        seL4_Word at = 0, there = 0;
        char *p;

        libs_start(bi);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        CHECK_EQUAL(vspace_destroy(&other), 0);
        before = libs_balance();
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        p = vspace_new_pages(&vspace, 0, 2, VSPACE_RW);
        CHECK_EQUAL(vspace_share(&vspace, p, 2, &vspace, 0, VSPACE_RW, &at), 0);
        CHECK_EQUAL(vspace_share(&vspace, p, 2, &other, 0x500000, VSPACE_R, &there), 0);
        CHECK_EQUAL(there, 0x500000);
        p[PAGE + 7] = 77;
        CHECK_EQUAL(((char *)at)[PAGE + 7], 77);
        CHECK_EQUAL(vspace_lookup(&other, there).paddr, vspace_lookup(&vspace, (seL4_Word)p).paddr);
        CHECK(vspace_lookup(&other, there).frame != vspace_lookup(&vspace, (seL4_Word)p).frame);
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 2), 0); /* the others keep the memory */
        CHECK_EQUAL(((char *)at)[PAGE + 7], 77);
        CHECK_EQUAL(vspace_audit(&other), 0);
        libs_audit();
        CHECK_EQUAL(vspace_share(&vspace, (void *)0x29999000, 1, &other, 0, VSPACE_R, &there),
                    seL4_InvalidArgument);
        CHECK_EQUAL(there, 0);
        CHECK_EQUAL(vspace_free_pages(&vspace, (void *)at, 2), 0);
        CHECK_EQUAL(vspace_destroy(&other), 0);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

/* A page to which others hold a capability, in a slot or in a thread, is unmapped all the same, and its memory is returned. */
static void pages_that_others_hold(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        seL4_CPtr slot, tcb;
        ut_t *thread;
        char *page;

        libs_start(bi);
        vspace_free_pages(&vspace, vspace_new_pages(&vspace, 0, 1, VSPACE_RW), 1); /* tables are there */
        before = libs_balance();
        page = vspace_new_pages(&vspace, 0, 1, VSPACE_RW);
        slot = cspace_alloc_slot(&cspace);
        thread = ut_new_object(&cspace, &tcb, seL4_TCBObject, 0);
        CHECK(page && slot && thread);
        CHECK_EQUAL(cspace_copy(&cspace, slot, &cspace, vspace_lookup(&vspace, (seL4_Word)page).frame,
                                seL4_AllRights),
                    0);
        CHECK_EQUAL(
                seL4_TCB_SetIPCBuffer(tcb, (seL4_Word)page, vspace_lookup(&vspace, (seL4_Word)page).frame),
                0);
        CHECK_EQUAL(vspace_unmap(&vspace, (seL4_Word)page, 1), 0);
        CHECK(!cspace_is_occupied(&cspace, slot));
        cspace_free_slot(&cspace, slot);
        CHECK_EQUAL(ut_free_object(&cspace, tcb, thread), 0);
        vspace_sweep(&vspace);
        libs_check_balance(before);
}

static void reservations(const seL4_BootInfo *bi)
{
        struct libs_balance before;

        libs_start(bi);
        before = libs_balance();
        CHECK_EQUAL(vspace_reserve(&vspace, 0x20000000, 2000), 0);
        CHECK_EQUAL(vspace_reserve(&vspace, 0x20000000 + PAGE, 1), seL4_DeleteFirst);
        CHECK(!vspace_new_pages(&vspace, 0x20000000 + 1999 * PAGE, 1, VSPACE_RW));
        CHECK(vspace_new_pages(&vspace, 0x20000000 + 2000 * PAGE, 1, VSPACE_RW));
        CHECK_EQUAL(vspace_unreserve(&vspace, 0x20000000, 2000), 0);
        CHECK_EQUAL(vspace_unreserve(&vspace, 0x20000000, 1), seL4_InvalidArgument);
        CHECK_EQUAL(vspace_unmap(&vspace, 0x20000000 + 2000 * PAGE, 1), 0);
        libs_check_balance(before);
        libs_audit();
}

static void slide_mappings_may_vanish(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        seL4_CPtr a, b;
        ut_t *ua, *ub;
        seL4_Word at = 0x20000000;

        libs_start(bi);
        before = libs_balance();
        ua = ut_new_object(&cspace, &a, seL4_ARM_SmallPageObject, seL4_PageBits);
        ub = ut_new_object(&cspace, &b, seL4_ARM_SmallPageObject, seL4_PageBits);
        CHECK_EQUAL(map_frame(&cspace, a, seL4_CapInitThreadVSpace, at, seL4_AllRights,
                              seL4_ARM_Default_VMAttributes),
                    0);
        CHECK_EQUAL(map_frame(&cspace, b, seL4_CapInitThreadVSpace, at, seL4_AllRights,
                              seL4_ARM_Default_VMAttributes),
                    seL4_DeleteFirst);
        CHECK_EQUAL(seL4_ARM_Page_Unmap(a), 0); /* behind the library's back */
        CHECK_EQUAL(map_frame(&cspace, b, seL4_CapInitThreadVSpace, at, seL4_AllRights,
                              seL4_ARM_Default_VMAttributes),
                    0);
        CHECK_EQUAL(map_frame(&cspace, a, seL4_CapInitThreadVSpace, at, seL4_AllRights,
                              seL4_ARM_Default_VMAttributes),
                    seL4_DeleteFirst);
        CHECK_EQUAL(seL4_ARM_Page_Unmap(b), 0);
        CHECK_EQUAL(map_frame(&cspace, b, seL4_CapInitThreadVSpace, at + PAGE, seL4_AllRights,
                              seL4_ARM_Default_VMAttributes),
                    0); /* moved */
        CHECK_EQUAL(map_frame(&cspace, a, seL4_CapInitThreadVSpace, at, seL4_AllRights,
                              seL4_ARM_Default_VMAttributes),
                    0);
        CHECK_EQUAL(ut_free_object(&cspace, a, ua), UT_OK);
        CHECK_EQUAL(ut_free_object(&cspace, b, ub), UT_OK);
        CHECK_EQUAL(vspace_sweep(&vspace), 2);
        CHECK_EQUAL(vspace_sweep(&vspace), 0);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static void a_space_made_by_hand(const seL4_BootInfo *bi)
{
        seL4_CPtr root, frame;

        libs_start(bi);
        for (int i = 0; i < 2; i++) { /* the second time in the same slot */
                ut_t *ut = ut_new_object(&cspace, &root, seL4_ARM_VSpaceObject, 0);
                ut_t *page = ut_new_object(&cspace, &frame, seL4_ARM_SmallPageObject, seL4_PageBits);

                CHECK_EQUAL(map_frame(&cspace, frame, root, 0x400000, seL4_AllRights,
                                      seL4_ARM_Default_VMAttributes),
                            seL4_InvalidCapability); /* no ASID yet */
                CHECK_EQUAL(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, root), 0);
                CHECK_EQUAL(map_frame(&cspace, frame, root, 0x400000, seL4_AllRights,
                                      seL4_ARM_Default_VMAttributes),
                            0);
                CHECK_EQUAL(vspace_lookup(vspace_find(root), 0x400000).frame, frame);
                CHECK_EQUAL(ut_free_object(&cspace, frame, page), UT_OK);
                CHECK_EQUAL(ut_free_object(&cspace, root, ut), UT_OK);
        }
        libs_audit();
}

static void protection(const seL4_BootInfo *bi)
{
        char *p;

        libs_start(bi);
        p = vspace_new_pages(&vspace, 0, 2, VSPACE_RW);
        p[0] = 3;
        CHECK_EQUAL(vspace_protect(&vspace, (seL4_Word)p, 2, VSPACE_R), 0);
        CHECK_EQUAL(p[0], 3);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)p).flags, VSPACE_R);
        CHECK_EQUAL(vspace_protect(&vspace, (seL4_Word)p, 3, VSPACE_RW), seL4_InvalidArgument);
        CHECK_EQUAL(vspace_protect(&vspace, (seL4_Word)p, 2, VSPACE_RW | VSPACE_X), 0);
        p[0] = 4;
        CHECK_EQUAL(vspace_sync_code(&vspace, (seL4_Word)p, 2), 0);
        CHECK_EQUAL(vspace_sync_code(&vspace, (seL4_Word)p, 3), seL4_InvalidArgument);
        libs_inject_at(2, 0); /* the second page refuses */
        CHECK_EQUAL(vspace_protect(&vspace, (seL4_Word)p, 2, VSPACE_R), seL4_NotEnoughMemory);
        libs_inject_at(0, 0);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)p).flags, VSPACE_RW | VSPACE_X);
        p[0] = 5; /* as before */
        libs_audit();
}

static void devices(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        static vspace_t other;
        char *a, *b;
        seL4_Word there;

        libs_start(bi);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        before = libs_balance();
        a = sos_map_device(&cspace, 0x0a000010, 0x2000);
        CHECK(a);
        CHECK_EQUAL((seL4_Word)a % PAGE, 0x10);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)a).paddr, 0x0a000000);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)a + 0x2000).paddr, 0x0a002000);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)a).flags, VSPACE_RW | VSPACE_DEVICE);
        b = sos_map_device(&cspace, 0x0a000000, 8); /* the same page for a second user */
        CHECK(b);
        there = vspace_map_device(&other, 0x0a001000, PAGE, 0x700000);
        CHECK_EQUAL(there, 0x700000);
        CHECK_EQUAL(sos_unmap_device(a, 0x2000), 0);
        CHECK_EQUAL(vspace_lookup(&vspace, (seL4_Word)b).paddr, 0x0a000000);
        CHECK_EQUAL(sos_unmap_device(b, 8), 0);
        CHECK_EQUAL(vspace_unmap_device(&other, there, PAGE), 0);
        CHECK_EQUAL(vspace_destroy(&other), 0);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        CHECK(vspace_map_device(&other, 0x0a001000, 2 * PAGE, 0)); /* goes with its address space */
        CHECK_EQUAL(vspace_destroy(&other), 0);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        CHECK_EQUAL(sos_unmap_device(b, 8), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 0);
        CHECK(!sos_map_device(&cspace, 0x40100000, PAGE)); /* RAM or nothing */
        CHECK_EQUAL(libs_reports(), 1);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(vspace_audit(&other), 0);
}

/* P-26: bounds, widths, and the way from the device tree. */
static void device_handles(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        struct device device;

        libs_start(bi);
        before = libs_balance();
        CHECK_EQUAL(device_open(&device, 0x0a000200, 0x200), 0);
        CHECK_EQUAL((seL4_Word)device.registers % PAGE, 0x200);
        CHECK(device_allows(&device, 0x1fc, 4) && device_allows(&device, 0, 8));
        CHECK_EQUAL(libs_reports(), 0);
        CHECK_EQUAL(device_read32(&device, 0x200), 0xffffffff);
        CHECK_EQUAL(device_read64(&device, 0x1fc), ~0ul);
        CHECK_EQUAL(device_read16(&device, 1), 0xffff); /* not aligned */
        device_write8(&device, ~0ul, 1);
        CHECK_EQUAL(libs_reports(), 4);
        device_close(&device);
        CHECK_EQUAL(device_open(&device, 0x40100000, PAGE), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(device_open_compatible(&device, bi, "no such thing", 0), seL4_FailedLookup);
        CHECK_EQUAL(libs_reports(), 1);
        libs_check_balance(before);
        libs_audit();
}

static void more_spaces_than_a_pool_holds(const seL4_BootInfo *bi)
{
        enum { SPACES = 600 };
        static vspace_t space[SPACES];

        libs_start(bi);
        for (int i = 0; i < SPACES; i++)
                CHECK_EQUAL(vspace_create(&space[i], &cspace), 0);
        CHECK(vspace_new_pages(&space[SPACES - 1], 0x400000, 1, VSPACE_RX));
        for (int i = 0; i < SPACES; i++)
                CHECK_EQUAL(vspace_destroy(&space[i]), 0);
        CHECK_EQUAL(vspace_destroy(&space[0]), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 1);
        libs_audit();
}

/* Address spaces with pages in several places; memory is the same after each round, slot for slot. */
static void many_spaces_come_and_go(const seL4_BootInfo *bi)
{
        enum { ROUNDS = 100000 / LIBS_SHORTER };
        static vspace_t other;
        struct libs_balance before = {0};
        unsigned long calls = 0, first = 0;

        libs_start(bi);
        for (int i = 0; i < ROUNDS; i++) {
                if (i == 10) {
                        before = libs_balance();
                        calls = libs_calls();
                }
                CHECK_EQUAL(vspace_create(&other, &cspace), 0);
                CHECK(vspace_new_pages(&other, 0x400000, 2, VSPACE_RX));
                CHECK(vspace_new_pages(&other, 0x8ffff000, 1, VSPACE_RW));
                CHECK_EQUAL(vspace_destroy(&other), 0);
                if (i == 1009)
                        first = libs_calls() - calls;
                if (i == ROUNDS - 1001)
                        calls = libs_calls();
        }
        calls = libs_calls() - calls;
        libs_check_balance(before);
        libs_audit();
        libs_note("     %d rounds; kernel calls in the first and last thousand: %lu, %lu", ROUNDS, first,
                  calls);
        CHECK(calls < first + first / 20);
        CHECK_EQUAL(libs_reports(), 0);
}

static void frames(const seL4_BootInfo *bi)
{
        enum { FRAMES = 10, LIMIT = 20 };
        struct libs_balance before;
        frame_ref_t frame[LIMIT];

        libs_start(bi);
        frame_table_init(&cspace, seL4_CapInitThreadVSpace);
        before = libs_balance();
        for (int i = 0; i < FRAMES; i++) {
                frame[i] = alloc_frame();
                CHECK(frame[i] != NULL_FRAME);
                frame_data(frame[i])[0] = (unsigned char)i;
                frame_data(frame[i])[PAGE - 1] = (unsigned char)i;
        }
        for (int i = 0; i < FRAMES; i++) {
                CHECK_EQUAL(frame_data(frame[i])[0], i);
                CHECK_EQUAL(frame_data(frame[i])[PAGE - 1], i);
                CHECK_EQUAL(seL4_ARM_Page_GetAddress(frame_page(frame[i])).paddr,
                            ut_paddr(frame_from_ref(frame[i])->ut));
        }
        CHECK_EQUAL(frame_oldest(), frame[0]);
        CHECK_EQUAL(frame_next(frame[0]), frame[1]);
        for (int i = 0; i < FRAMES; i++)
                free_frame(frame[i]);
        free_frame(frame[3]);
        CHECK_EQUAL(libs_reports(), 1);
        free_frame(NULL_FRAME);
        for (int i = 0; i < FRAMES; i++) { /* the same set again */
                frame_ref_t again = alloc_frame();
                bool found = false;

                for (int k = 0; k < FRAMES; k++)
                        found = found || frame[k] == again;
                CHECK(found);
        }
        frame_table_limit(LIMIT);
        for (int i = FRAMES; i < LIMIT - 1; i++)
                CHECK(alloc_frame() != NULL_FRAME);
        CHECK_EQUAL(alloc_frame(), NULL_FRAME);
        for (frame_ref_t f = 1; f < LIMIT; f++)
                free_frame(f);
        CHECK_EQUAL(frame_table_trim(), LIMIT - 1);
        libs_check_balance(before);
        CHECK(alloc_frame() != NULL_FRAME);
        libs_audit();
}

/* Users, zeros, owner, and what is given back beyond the surplus. */
static void frames_are_shared_and_returned(const seL4_BootInfo *bi)
{
        static frame_ref_t many[3 * FRAME_SURPLUS];
        ut_stats_t before, after;
        frame_ref_t f;

        libs_start(bi);
        frame_table_init(&cspace, seL4_CapInitThreadVSpace);
        f = alloc_frame();
        CHECK_EQUAL(frame_users(f), 1);
        CHECK_EQUAL(frame_of(frame_data(f) + PAGE - 1), f);
        frame_share(f);
        free_frame(f);
        CHECK_EQUAL(frame_users(f), 1);
        CHECK_EQUAL(frame_counts().used, 1);
        frame_data(f)[7] = 1;
        frame_from_ref(f)->owner = &before;
        frame_from_ref(f)->pins = 1;
        free_frame(f);
        CHECK_EQUAL(frame_users(f), 0);
        CHECK_EQUAL(frame_counts().free, 1);
        frame_share(f);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(alloc_zeroed_frame(), f);
        CHECK_EQUAL(frame_data(f)[7], 0);
        CHECK(!frame_from_ref(f)->owner && !frame_from_ref(f)->pins);
        free_frame(f);
        for (size_t i = 0; i < 3 * FRAME_SURPLUS; i++)
                many[i] = alloc_frame();
        ut_stats(&before);
        for (size_t i = 0; i < 3 * FRAME_SURPLUS; i++)
                free_frame(many[i]);
        ut_stats(&after);
        CHECK_EQUAL(frame_counts().free, FRAME_SURPLUS);
        CHECK(after.free >= before.free + 2ul * FRAME_SURPLUS * PAGE);
        f = alloc_frame();
        frame_table_limit(2);
        CHECK_EQUAL(alloc_frame(), NULL_FRAME); /* although one is ready */
        libs_audit();
}

static void frames_leave_memory_for_objects(const seL4_BootInfo *bi)
{
        seL4_CPtr cap;

        libs_start(bi);
        frame_table_init(&cspace, seL4_CapInitThreadVSpace);
        while (alloc_frame() != NULL_FRAME) {
        }
        CHECK(ut_new_object(&cspace, &cap, seL4_TCBObject, 0));
        CHECK(ut_new_object(&cspace, &cap, seL4_EndpointObject, 0));
        libs_audit();
}

const struct libs_case vspace_cases[] = {
        {"vspace: pages come and go", pages_come_and_go, 0, false},
        {"vspace: nothing is mapped over", nothing_is_mapped_over, 0, false},
        {"vspace: large pages", large_pages, 0, false},
        {"vspace: sharing", sharing, 0, false},
        {"vspace: pages that others hold", pages_that_others_hold, 0, false},
        {"vspace: reservations", reservations, 0, false},
        {"vspace: slide mappings may vanish", slide_mappings_may_vanish, 0, false},
        {"vspace: a space made by hand", a_space_made_by_hand, 0, false},
        {"vspace: protection", protection, 0, false},
        {"vspace: devices", devices, 0, false},
        {"device: handles with bounds", device_handles, 0, false},
        {"vspace: more spaces than a pool holds", more_spaces_than_a_pool_holds, 0, true},
        {"vspace: 100,000 spaces come and go", many_spaces_come_and_go, 0, true},
        {"frame table: numbers, lists, limit", frames, 0, false},
        {"frame table: shared and returned", frames_are_shared_and_returned, 0, false},
        {"frame table: leaves memory for objects", frames_leave_memory_for_objects, 32, true},
};
LIBS_COUNT(vspace_cases);
