/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: sizes, splitting and joining, device memory, misuse, exhaustion. */
#include "libs.h"

#include <string.h>

static void every_size(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        size_t size;

        libs_start(bi);
        before = libs_balance();
        size = ut_size();
        for (size_t bits = UT_MIN_BITS; bits <= 24; bits++) {
                ut_t *ut = ut_alloc(bits, &cspace);
                seL4_CPtr frame;

                CHECK(ut);
                CHECK_EQUAL(ut->size_bits, bits);
                CHECK_EQUAL(ut_paddr(ut) % (1ul << bits), 0);
                frame = cspace_alloc_slot(&cspace);
                CHECK_EQUAL(cspace_untyped_retype(&cspace, ut->cap, frame, seL4_UntypedObject, bits), 0);
                CHECK_EQUAL(cspace_delete_and_free(&cspace, frame), 0);
                CHECK_EQUAL(ut_free_checked(ut), UT_OK);
        }
        CHECK(!ut_alloc(UT_MIN_BITS - 1, &cspace));
        CHECK(!ut_alloc(UT_MAX_BITS + 1, &cspace));
        CHECK(!ut_alloc(40, &cspace));
        CHECK_EQUAL(ut_size(), size);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static void physical_addresses_are_true(const seL4_BootInfo *bi)
{
        libs_start(bi);
        for (int i = 0; i < 50; i++) {
                seL4_Word paddr = 0;
                ut_t *ut = ut_alloc_4k_untyped(&paddr);
                seL4_CPtr frame = cspace_alloc_slot(&cspace);
                seL4_ARM_Page_GetAddress_t got;

                CHECK(ut);
                CHECK_EQUAL(cspace_untyped_retype(&cspace, ut->cap, frame, seL4_ARM_SmallPageObject,
                                                  seL4_PageBits),
                            0);
                got = seL4_ARM_Page_GetAddress(frame);
                CHECK_EQUAL(got.error, 0);
                CHECK_EQUAL(got.paddr, paddr);
                CHECK_EQUAL(ut_find(paddr + 100), ut);
        }
        libs_audit();
}

/* The lecture: freeing two pieces of size n allows one of size 2n. */
static void two_halves_make_a_whole(const seL4_BootInfo *bi)
{
        static ut_t *page[1 << 14];
        size_t n = 0;
        ut_t *large;

        libs_start(bi);
        while (n < sizeof(page) / sizeof(page[0]) && (page[n] = ut_alloc(seL4_PageBits, &cspace)))
                n++;
        CHECK(!ut_alloc(seL4_PageBits + 1, &cspace));
        for (size_t i = 0; i < n; i++) {
                for (size_t k = 0; k < n; k++) {
                        if (ut_paddr(page[i]) % 8192 == 0 && ut_paddr(page[k]) == ut_paddr(page[i]) + 4096) {
                                uintptr_t at = ut_paddr(page[i]);

                                ut_free(page[i]);
                                CHECK(!ut_alloc(seL4_PageBits + 1, &cspace));
                                ut_free(page[k]);
                                large = ut_alloc(seL4_PageBits + 1, &cspace);
                                CHECK(large);
                                CHECK_EQUAL(ut_paddr(large), at);
                                libs_audit();
                                CHECK_EQUAL(libs_reports(), 0);
                                return;
                        }
                }
        }
        CHECK(false);
}

static void misuse(const seL4_BootInfo *bi)
{
        ut_t *ut;
        seL4_CPtr ep;
        static cspace_t other;

        libs_start(bi);
        ut = ut_new_object(&cspace, &ep, seL4_EndpointObject, 0);
        CHECK(ut);
        CHECK_EQUAL(ut_free_checked(ut), UT_IN_USE);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_delete_and_free(&cspace, ep), 0);
        CHECK_EQUAL(ut_free_checked(ut), UT_OK);
        CHECK_EQUAL(ut_free_checked(ut), UT_NOT_USED);
        CHECK_EQUAL(ut_free_checked(NULL), UT_NOT_USED);
        CHECK_EQUAL(libs_reports(), 2);
        CHECK(!ut_alloc(12, &other));
        CHECK_EQUAL(libs_reports(), 1);
        CHECK(!ut_new_object(&cspace, &ep, 999, 12));
        CHECK_EQUAL(ep, seL4_CapNull);
        libs_audit();
}

static void device_pages(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        ut_t *ut, *same;
        seL4_CPtr frame, second;

        libs_start(bi);
        before = libs_balance();
        ut = ut_alloc_4k_device(0x0a000123);
        CHECK(ut);
        CHECK_EQUAL(ut_paddr(ut), 0x0a000000);
        CHECK(ut->device);
        same = ut_alloc_4k_device(0x0a000000);
        CHECK_EQUAL(same, ut);
        frame = cspace_alloc_slot(&cspace);
        second = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(cspace_untyped_retype(&cspace, ut->cap, frame, seL4_ARM_SmallPageObject, seL4_PageBits),
                    0);
        CHECK_EQUAL(cspace_untyped_retype(&cspace, ut->cap, second, seL4_ARM_SmallPageObject, seL4_PageBits),
                    seL4_NotEnoughMemory);
        CHECK_EQUAL(seL4_ARM_Page_GetAddress(frame).paddr, 0x0a000000);
        CHECK(!ut_alloc_4k_device(0x40000000)); /* RAM */
        CHECK(!ut_alloc_4k_device(1ul << 52));
        CHECK_EQUAL(libs_balance().used, before.used); /* device memory is not RAM */
        CHECK_EQUAL(cspace_delete_and_free(&cspace, frame), 0);
        cspace_free_slot(&cspace, second);
        CHECK_EQUAL(ut_free_checked(ut), UT_OK);
        libs_audit();
}

static void at_an_address(const seL4_BootInfo *bi)
{
        ut_t *any, *there;
        uintptr_t paddr;

        libs_start(bi);
        any = ut_alloc(16, &cspace);
        paddr = ut_paddr(any);
        CHECK(!ut_alloc_at(paddr, 16, &cspace)); /* taken */
        CHECK(!ut_alloc_at(paddr + 4096, 12, &cspace));
        ut_free(any);
        there = ut_alloc_at(paddr + 3 * 4096, 12, &cspace);
        CHECK(there);
        CHECK_EQUAL(ut_paddr(there), paddr + 3 * 4096);
        CHECK(!ut_alloc_at(paddr + 1, 12, &cspace));
        CHECK(!ut_alloc_at(3, 12, &cspace));
        ut_free(there);
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

/* Random work, then everything is as it was. */
static void random_work_leaves_nothing(const seL4_BootInfo *bi)
{
        enum { PIECES = 200 };
        static ut_t *piece[PIECES];
        static seL4_CPtr object[PIECES];
        struct libs_balance before;
        ut_stats_t stats, first;

        libs_start(bi);
        before = libs_balance();
        ut_stats(&first);
        for (int i = 0; i < 20000; i++) {
                unsigned k = libs_random() % PIECES;

                if (piece[k]) {
                        CHECK_EQUAL(ut_free_object(&cspace, object[k], piece[k]), UT_OK);
                        piece[k] = NULL;
                } else {
                        size_t bits = UT_MIN_BITS + libs_random() % 13;
                        piece[k] = ut_new_object(&cspace, &object[k], seL4_UntypedObject, bits);
                        CHECK(piece[k]);
                }
        }
        libs_audit();
        for (int k = 0; k < PIECES; k++) {
                if (piece[k])
                        CHECK_EQUAL(ut_free_object(&cspace, object[k], piece[k]), UT_OK);
        }
        libs_check_balance(before);
        ut_stats(&stats);
        CHECK_EQUAL(stats.largest, first.largest);
        CHECK(stats.peak > 0 && stats.merges > 0 && stats.splits > stats.merges);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

/* Boot cost does not depend on the amount of RAM. */
static void boot_cost(const seL4_BootInfo *bi)
{
        size_t ram = 0;

        libs_start(bi);
        for (seL4_Word i = 0; i < bi->untyped.end - bi->untyped.start; i++)
                ram += bi->untypedList[i].isDevice ? 0 : 1ul << bi->untypedList[i].sizeBits;
        CHECK_EQUAL(ut_size(),
                    ram); /* nothing of what the kernel gave is missing, the smallest pieces included */
        libs_note("     %zu MiB of RAM: %lu kernel calls to start, %zu splits", ut_size() >> 20, libs_calls(),
                  (size_t)({
                          ut_stats_t s;
                          ut_stats(&s);
                          s.splits;
                  }));
        CHECK(libs_calls() < 600);
}

static void reserve_for_kernel_objects(const seL4_BootInfo *bi)
{
        size_t all;

        libs_start(bi);
        all = ut_available();
        CHECK(all > 0 && all < ut_size());
        ut_set_reserve(ut_size());
        CHECK_EQUAL(ut_available(), 0);
        CHECK(ut_alloc(seL4_TCBBits, &cspace)); /* objects can still be made */
        ut_set_reserve(0);
        CHECK(ut_available() > all);
}

/* Each boot untyped on its own, and all together. */
static void check_roots(void)
{
        size_t used = 0, bytes = 0;
        uintptr_t last = 0;
        ut_stats_t stats;
        ut_root_t root;

        for (unsigned i = 0; ut_root(i, &root); i++) {
                CHECK(i == 0 || root.paddr > last);
                last = root.paddr;
                used += root.device ? 0 : root.used;
                bytes += root.device ? 0 : root.bytes;
        }
        ut_stats(&stats);
        CHECK_EQUAL(bytes, ut_size());
        CHECK_EQUAL(used, stats.total - stats.free);
}

static void objects_are_counted(const seL4_BootInfo *bi)
{
        enum { N = 20 };
        seL4_CPtr cap[N];
        ut_t *ut[N], *plain;
        size_t threads, tables, unnamed;

        libs_start(bi);
        threads = ut_objects(seL4_TCBObject);
        tables = ut_objects(seL4_ARM_PageTableObject);
        for (int i = 0; i < N; i++) {
                ut[i] = ut_new_object(&cspace, &cap[i], i % 2 ? seL4_TCBObject : seL4_ARM_PageTableObject, 0);
                CHECK(ut[i]);
        }
        CHECK_EQUAL(ut_objects(seL4_TCBObject), threads + N / 2);
        CHECK_EQUAL(ut_objects(seL4_ARM_PageTableObject), tables + N / 2);
        unnamed = ut_unnamed();
        plain = ut_alloc(seL4_PageBits, &cspace);
        CHECK_EQUAL(ut_unnamed(), unnamed + 1);
        ut_set_type(plain, seL4_ARM_VSpaceObject);
        CHECK_EQUAL(ut_unnamed(), unnamed);
        CHECK_EQUAL(ut_objects(seL4_ARM_VSpaceObject), 1);
        check_roots();
        libs_audit();
        ut_free(ut[1]);
        CHECK_EQUAL(libs_reports(), 1); /* its thread is still there, and still counted */
        CHECK_EQUAL(ut_objects(seL4_TCBObject), threads + N / 2);
        for (int i = 0; i < N; i++)
                CHECK_EQUAL(ut_free_object(&cspace, cap[i], ut[i]), UT_OK);
        ut_free(plain);
        ut_set_type(plain, seL4_TCBObject); /* not in use: no effect */
        CHECK_EQUAL(ut_objects(seL4_TCBObject), threads);
        CHECK_EQUAL(ut_objects(seL4_ARM_PageTableObject), tables);
        CHECK_EQUAL(ut_objects(seL4_ARM_VSpaceObject), 0);
        CHECK_EQUAL(ut_objects(1000), 0);
        CHECK_EQUAL(strcmp(report_type_name(seL4_ReplyObject), "reply object"), 0);
        check_roots();
        libs_audit();
}

const struct libs_case ut_cases[] = {
        {"ut: objects are counted by type", objects_are_counted, 0, false},
        {"ut: every size", every_size, 0, false},
        {"ut: physical addresses are true", physical_addresses_are_true, 0, false},
        {"ut: two halves make a whole", two_halves_make_a_whole, 16, true},
        {"ut: misuse is refused and reported", misuse, 0, false},
        {"ut: device pages", device_pages, 0, false},
        {"ut: at an address", at_an_address, 0, false},
        {"ut: random work leaves nothing", random_work_leaves_nothing, 0, true},
        {"ut: boot cost with 64 MiB", boot_cost, 64, false},
        {"ut: boot cost with 512 MiB", boot_cost, 512, true},
        {"ut: reserve for kernel objects", reserve_for_kernel_objects, 0, false},
};
LIBS_COUNT(ut_cases);
