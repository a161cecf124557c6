/* SPDX-License-Identifier: BSD-2-Clause */
/* `ping`: what a call of the server costs, in time or in instructions; or busybox's ping, of a host. */
#include <sel4/sel4.h>

#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"

enum { PINGS = 1000, INSTRUCTIONS_RETIRED = 8 /* number of the event */ };

static const char access_file[] = "/proc/sys/kernel/perf_user_access";

static void ping(unsigned long words)
{
        seL4_SetMR(0, SOS_NOTHING);
        seL4_Call(SOS_SLOT_SERVER, seL4_MessageInfo_new(0, 0, 0, words));
}

static void show_time(unsigned long words)
{
        uint64_t ticks;

        ping(words);
        ticks = clock_ticks();
        for (int i = 0; i < PINGS; i++)
                ping(words);
        ticks = clock_ticks() - ticks;
        serial_print("%d round trips of %lu word%s: %lu ns each\n", PINGS, words, words == 1 ? "" : "s",
                     clock_scaled(ticks, 1000000000) / PINGS);
}

/* --- instructions --- */

/* May the counter registers be accessed?  An access that is not allowed ends a program. */
static bool has_counters(void)
{
        char answer = '0';
        long file = posix_open(access_file, 0);

        if (file < 0)
                return false;
        posix_read((int)file, &answer, 1);
        posix_close((int)file);
        return answer == '1';
}

static bool counts_instructions(void)
{
        unsigned long events;

        __asm__ volatile("mrs %0, pmceid0_el0" : "=r"(events));
        return events >> INSTRUCTIONS_RETIRED & 1;
}

static void start_counter(void)
{
        __asm__ volatile("msr pmevtyper0_el0, %0\n\tmsr pmcntenset_el0, %1\n\tmsr pmcr_el0, %1\n\tisb"
                         :
                         : "r"((unsigned long)INSTRUCTIONS_RETIRED), "r"(1ul));
}

/* 32 bits, which wrap. */
static uint32_t read_counter(void)
{
        unsigned long n;

        __asm__ volatile("isb\n\tmrs %0, pmevcntr0_el0" : "=r"(n) : : "memory");
        return (uint32_t)n;
}

static void sort(uint32_t *list, unsigned n)
{
        for (unsigned i = 1; i < n; i++) {
                uint32_t one = list[i];
                unsigned j = i;

                for (; j > 0 && list[j - 1] > one; j--)
                        list[j] = list[j - 1];
                list[j] = one;
        }
}

static void show_instructions(unsigned long words)
{
        static uint32_t round[PINGS];
        uint32_t readings;

        if (!has_counters()) {
                serial_print(
                        "ping: programs may not read the counters: pack the image with mkimage --export-pmu "
                        "--extensions\n");
                return;
        }
        if (!counts_instructions()) {
                serial_print("ping: this machine does not count instructions; QEMU does with `make run "
                             "ICOUNT=1`\n");
                return;
        }
        start_counter();
        readings = read_counter();
        readings = read_counter() - readings;
        for (unsigned i = 0; i < PINGS; i++) {
                uint32_t before = read_counter();

                ping(words);
                round[i] = read_counter() - before - readings;
        }
        sort(round, PINGS);
        serial_print(
                "%d round trips of %lu word%s: %u instructions each (least %u, 99 %% up to %u, most %u)\n",
                PINGS, words, words == 1 ? "" : "s", round[PINGS / 2], round[0], round[PINGS * 99 / 100 - 1],
                round[PINGS - 1]);
}

void run_ping(int count, char **word)
{
        bool instructions = count > 1 && !strcmp(word[1], "-i");
        char *size = count > 1 + instructions ? word[1 + instructions] : NULL;
        char *host[] = {"busybox", "ping", "-c", "3", size};
        uint64_t words = 1;
        bool number = !size || text_number(size, &words);

        if (count == 2 && !number)
                run_words(5, host);
        else if (count > 2 + instructions || !number || words < 1 || words > seL4_MsgMaxLength)
                usage("ping");
        else if (instructions)
                show_instructions(words);
        else
                show_time(words);
}
