/* SPDX-License-Identifier: BSD-2-Clause */
/* What all cases share: checks, balance, and the trap through which kernel calls can be made to fail. */
#include "libs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads/threads.h>

cspace_t cspace;
vspace_t vspace;

/* Which kernel calls fail: one in a given number, or the one after that many calls and then every so many. */
struct failures {
        unsigned one_in, next, every;
};

static unsigned long seen_reports, calls;
static uint64_t sequence = 88172645463325252ull;
static struct failures failures;

void libs_fail(const char *file, int line, const char *what, unsigned long got, unsigned long want)
{
        printf("%s:%d: %s is %lu (0x%lx), not %lu (0x%lx)\n", file, line, what, got, got, want, want);
        fflush(NULL);
        abort();
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
        if (getenv("LIBS_VERBOSE"))
                report_to(put);
        seL4_SetIPCBuffer(bi->ipcBuffer);
        CHECK_EQUAL(bootstrap(&cspace, &vspace, bi), 0);
}

void libs_start_threads(const seL4_BootInfo *bi)
{
        libs_start(bi);
        threads_start(&cspace, bi->schedcontrol.start, seL4_CapInitThreadTCB, true);
        CHECK_EQUAL(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 150), 0);
}

/* Pages with a slot each that the libraries keep: for records, for the books of slots, for mapping them. */
static size_t kept_pages(void)
{
        size_t pages = book_pages() + bootstrap_window_tables();

        for (int i = 1; i < CSPACE_PAGES_MAX && cspace.page[i]; i++)
                pages++;
        return pages;
}

/* What the libraries keep for themselves (these, leaves of the CSpace, halves of split pieces) may grow and is not part of
 * the sums. */
struct libs_balance libs_balance(void)
{
        ut_stats_t stats;

        ut_merge();
        ut_stats(&stats);
        return (struct libs_balance){
                .slots = cspace_used_slots(&cspace) - kept_pages() - 2 * (stats.splits - stats.merges),
                .used = stats.total - stats.free - ((cspace.leaves + kept_pages()) << seL4_PageBits),
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
        struct failures saved = failures;

        failures = (struct failures){0};
        CHECK_EQUAL(vspace_audit(space), 0);
        failures = saved;
}

void libs_audit_slots(const cspace_t *slots)
{
        struct failures saved = failures;

        failures = (struct failures){0};
        CHECK_EQUAL(cspace_audit_all(slots), 0);
        failures = saved;
}

void libs_audit_some(uint32_t leaf)
{
        struct failures saved = failures;

        failures = (struct failures){0};
        CHECK_EQUAL(ut_audit(), 0);
        CHECK_EQUAL(cspace_audit(&cspace, leaf % cspace.leaves), 0);
        CHECK_EQUAL(vspace_audit(&vspace), 0);
        failures = saved;
}

void libs_audit(void)
{
        libs_audit_slots(&cspace);
        libs_audit_some(0);
}

unsigned long libs_reports(void)
{
        unsigned long news = report_count() - seen_reports;

        seen_reports = report_count();
        return news;
}

/* LIBS_SEED in the environment chooses another run of the random cases. */
static uint64_t variation(void)
{
        const char *text = getenv("LIBS_SEED");

        return text ? strtoul(text, NULL, 0) * 0x9e3779b97f4a7c15ull : 0;
}

void libs_inject(unsigned one_in, uint64_t seed)
{
        failures = (struct failures){.one_in = one_in};
        sequence = (seed + variation()) * 2 + 1;
}

void libs_inject_at(unsigned next, unsigned every)
{
        failures = (struct failures){.next = next, .every = every};
}

static bool fails(void)
{
        if (failures.next && --failures.next == 0) {
                failures.next = failures.every;
                return true;
        }
        return failures.one_in && libs_random() % failures.one_in == 0;
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
        if ((long)regs[7] == -1 && regs[1] >> 12 && fails()) {
                regs[0] = 0;
                regs[1] = (seL4_Word)seL4_NotEnoughMemory << 12;
                return;
        }
        tessera_host_trap(regs);
}
