/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces in the hands of those who make mistakes: what the fuzzer of the libraries found, case by case. */
#include "libs.h"

#include <aos/mapping.h>

enum { PAGE = 4096 };

/* Sums that wrap, addresses beyond the end: they give an error and nothing else. */
static void absurd_ranges_are_refused(const seL4_BootInfo *bi)
{
        static const struct {
                seL4_Word vaddr;
                size_t count;
        } range[] = {
                {0x400000, 1ul << 52}, {0x20000000, ~0ul},       {0x20000000, 1ul << 35},
                {1ul << 48, 1},        {seL4_UserTop - 4095, 2}, {~0xffful, 1},
                {0x20000001, 1},       {0x20000000, 1ul << 63},
        };
        struct libs_balance before;
        static vspace_t other;

        libs_start(bi);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        before = libs_balance();
        for (size_t i = 0; i < sizeof(range) / sizeof(range[0]); i++) {
                seL4_Word at = range[i].vaddr;
                size_t n = range[i].count;

                CHECK(!vspace_new_pages(&other, at, n, VSPACE_RW));
                CHECK(vspace_reserve(&other, at, n));
                CHECK(vspace_unreserve(&other, at, n));
                CHECK(vspace_protect(&other, at, n, VSPACE_R));
                CHECK(vspace_unmap(&other, at, n));
                CHECK(vspace_sync_code(&other, at, n));
                CHECK(vspace_share(&vspace, (const void *)at, n, &other, 0x400000, VSPACE_R, NULL));
                CHECK(vspace_share(&vspace, bi, n, &other, at, VSPACE_R, NULL));
                CHECK(!vspace_map_device(&other, 0x0a000000, n << seL4_PageBits, at));
        }
        CHECK(!vspace_find_free(&other, 1ul << 52, seL4_PageBits));
        CHECK(!vspace_find_free(&other, 1, 64));
        CHECK(!sos_map_device(&cspace, 0x0a000000, ~0ul));
        CHECK_EQUAL(vspace_lookup(&other, 1ul << 48).kind, VSPACE_RESERVED);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(vspace_destroy(&other), 0);
        CHECK(!vspace_new_pages(&other, 0x400000, 1, VSPACE_RW)); /* it is gone */
        CHECK_EQUAL(vspace_unmap(&other, 0x400000, 1), seL4_InvalidArgument);
        CHECK_EQUAL(vspace_sweep(&other), 0);
}

/* The frame of an old mapping has been deleted, and its slot holds something else: an endpoint, which must not be called, or
 * somebody else's page, which must stay. */
static void old_slots_are_left_alone(const seL4_BootInfo *bi)
{
        static const seL4_Word type[] = {seL4_EndpointObject, seL4_ARM_SmallPageObject};
        seL4_Word at = 0x20000000;

        libs_start(bi);
        for (int i = 0; i < 4; i++) {
                seL4_CPtr slot;
                ut_t *old = ut_new_object(&cspace, &slot, seL4_ARM_SmallPageObject, seL4_PageBits);
                ut_t *new = ut_alloc(seL4_PageBits, &cspace);

                CHECK_EQUAL(map_frame(&cspace, slot, seL4_CapInitThreadVSpace, at, seL4_AllRights,
                                      seL4_ARM_Default_VMAttributes),
                            0);
                CHECK_EQUAL(cspace_delete(&cspace, slot), 0);
                CHECK_EQUAL(ut_free_checked(old), UT_OK);
                CHECK_EQUAL(cspace_untyped_retype(&cspace, new->cap, slot, type[i % 2], seL4_PageBits), 0);
                if (i % 2) {
                        CHECK_EQUAL(vspace_map(&vspace, slot, at + 2 * PAGE, seL4_PageBits, VSPACE_RW), 0);
                        *(volatile char *)(at + 2 * PAGE) = 7;
                }
                if (i / 2)
                        CHECK_EQUAL(vspace_sweep(&vspace), 1);
                else
                        CHECK_EQUAL(vspace_unmap(&vspace, at, 1), 0);
                if (i % 2) {
                        CHECK_EQUAL(*(volatile char *)(at + 2 * PAGE), 7);
                        CHECK_EQUAL(vspace_unmap(&vspace, at + 2 * PAGE, 1), 0);
                }
                libs_audit();
        }
}

const struct libs_case misuse_cases[] = {
        {"misuse: absurd ranges are refused", absurd_ranges_are_refused, 0, false},
        {"misuse: old slots are left alone", old_slots_are_left_alone, 0, false},
};
LIBS_COUNT(misuse_cases);
