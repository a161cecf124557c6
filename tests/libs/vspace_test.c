/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: mapping, sharing, reserving, devices, the frame table. */
#include "libs.h"

#include <string.h>
#include <vspace/frame_table.h>
#include <vspace/mapping.h>

static void pages_come_and_go(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        char *p;

        libs_start(bi);
        before = libs_balance();
        p = vspace_new_pages(&vspace, 0, 3, VSPACE_RW);
        CHECK(p);
        for (int i = 0; i < 3 * 4096; i++) {
                CHECK_EQUAL(p[i], 0);
        }
        memset(p, 0x5a, 3 * 4096);
        CHECK_EQUAL(vspace.pages, before.pages + 3);
        libs_audit();
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 3), 0);
        CHECK_EQUAL(vspace_free_pages(&vspace, p, 3), seL4_InvalidArgument);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

const struct libs_case vspace_cases[] = {
        {"vspace: pages come and go", pages_come_and_go, 0, false},
};
LIBS_COUNT(vspace_cases);
