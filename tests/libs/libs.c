/* SPDX-License-Identifier: BSD-2-Clause */
/* What all cases share: checks, balance, and the trap through which kernel calls can be made to fail. */
#include "libs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

cspace_t cspace;
vspace_t vspace;

static unsigned long seen_reports, calls;
static uint64_t sequence = 88172645463325252ull;
static unsigned fail_one_in;

void libs_fail(const char *file, int line, const char *what, unsigned long got, unsigned long want)
{
        printf("%s:%d: %s is %lu (0x%lx), not %lu (0x%lx)\n", file, line, what, got, got, want, want);
        fflush(NULL);
        _exit(1);
}

void libs_note(const char *format, ...)
{
        va_list list;

        va_start(list, format);
        vprintf(format, list);
        va_end(list);
        putchar('\n');
}

uint64_t libs_random(void)
{
        sequence ^= sequence << 13;
        sequence ^= sequence >> 7;
        sequence ^= sequence << 17;
        return sequence;
}

static void put(char c)
{
        putchar(c);
}

void libs_start(const seL4_BootInfo *bi)
{
        if (getenv("LIBS_VERBOSE")) {
                report_to(put);
        }
        seL4_SetIPCBuffer(bi->ipcBuffer);
        CHECK_EQUAL(bootstrap(&cspace, &vspace, bi), 0);
}

/* What the libraries keep for themselves (leaves of the CSpace, pages for records, halves of split pieces) may grow and is
 * taken out of the sums. */
struct libs_balance libs_balance(void)
{
        ut_stats_t stats;

        ut_merge();
        ut_stats(&stats);
        return (struct libs_balance){
                .slots = cspace_used_slots(&cspace) - book_pages() - 2 * (stats.splits - stats.merges),
                .used = stats.total - stats.free - ((cspace.leaves + book_pages()) << seL4_PageBits),
                .pages = vspace.pages,
                .tables = vspace.tables,
        };
}

void libs_check_balance(struct libs_balance before)
{
        struct libs_balance now = libs_balance();

        CHECK_EQUAL(now.pages, before.pages);
        CHECK_EQUAL(now.tables, before.tables);
        CHECK_EQUAL(now.used, before.used);
        CHECK_EQUAL(now.slots, before.slots);
}

void libs_audit_space(vspace_t *space)
{
        unsigned saved = fail_one_in;

        fail_one_in = 0;
        CHECK_EQUAL(vspace_audit(space), 0);
        fail_one_in = saved;
}

void libs_audit(void)
{
        unsigned saved = fail_one_in;

        fail_one_in = 0;
        CHECK_EQUAL(ut_audit(), 0);
        CHECK_EQUAL(cspace_audit_all(&cspace), 0);
        CHECK_EQUAL(vspace_audit(&vspace), 0);
        fail_one_in = saved;
}

unsigned long libs_reports(void)
{
        unsigned long news = report_count() - seen_reports;

        seen_reports = report_count();
        return news;
}

/* LIBS_SEED in the environment makes another run of the random cases. */
static uint64_t variation(void)
{
        const char *text = getenv("LIBS_SEED");

        return text ? strtoul(text, NULL, 0) * 0x9e3779b97f4a7c15ull : 0;
}

void libs_inject(unsigned one_in, uint64_t seed)
{
        fail_one_in = one_in;
        sequence = (seed + variation()) * 2 + 1;
}

unsigned long libs_calls(void)
{
        return calls;
}

/* The build names the trap of all user code libs_trap; this is the machine's own. */
#undef tessera_host_trap
void tessera_host_trap(seL4_Word *regs);

/* Register 7 is the system call (-1: Call), 1 the message info, whose label names the operation. */
void libs_trap(seL4_Word *regs)
{
        calls++;
        if (fail_one_in && (long)regs[7] == -1 && regs[1] >> 12 && libs_random() % fail_one_in == 0) {
                regs[0] = 0;
                regs[1] = (seL4_Word)seL4_NotEnoughMemory << 12;
                return;
        }
        tessera_host_trap(regs);
}
