/* SPDX-License-Identifier: BSD-2-Clause */
#include "example.h"

static void account(const char *when)
{
        ut_stats_t stats;

        ut_merge();
        ut_stats(&stats);
        report("%s: %zu pages, %zu tables mapped by us", when, vspace.pages, vspace.tables);
}

int main(void)
{
        seL4_Word again;
        char *page;

        example_start();
        account("before");
        page = vspace_new_pages(&vspace, 0, 2, VSPACE_RW);
        page[0] = 'x';
        account("two pages");
        vspace_share(&vspace, page, 1, &vspace, 0, VSPACE_R, &again);
        report("the same memory at a second address: %c", *(char *)again);
        report("over something else: %s",
               vspace_new_pages(&vspace, again, 1, VSPACE_RW) ? "mapped" : "refused");
        vspace_free_pages(&vspace, page, 2);
        report("the second mapping keeps the memory: %c", *(char *)again);
        vspace_unmap(&vspace, again, 1);
        account("after");
        report("contradictions between our books and the kernel: %u", ut_audit() + vspace_audit(&vspace));
        report("end");
        return 0;
}
