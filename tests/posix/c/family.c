/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that a family shares since forks: family [KIB] [CHILDREN].  Each child reads all of it, writes every third page, has a child of
 * its own that does the same with another third, and all see only their own words, however little memory there is. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, THIRDS = 3 };

static uint64_t *memory;
static unsigned long pages;

static uint64_t word(unsigned long page, uint64_t writer)
{
        return (page + 1) * 0x9e3779b97f4a7c15u ^ writer << 48;
}

static volatile uint64_t *place(unsigned long page)
{
        return memory + page * (PAGE / 8) + page % (PAGE / 8);
}

static void write_part(unsigned part, uint64_t writer)
{
        for (unsigned long i = part; i < pages; i += THIRDS)
                *place(i) = word(i, writer);
}

/* The number of pages that do not hold what the last writer of their third wrote. */
static unsigned long wrong(const uint64_t writers[THIRDS])
{
        unsigned long bad = 0;

        for (unsigned long i = 0; i < pages; i++)
                bad += *place(i) != word(i, writers[i % THIRDS]);
        return bad;
}

static int outcome(pid_t pid)
{
        int status;

        if (pid < 0 || waitpid(pid, &status, 0) != pid)
                return 100;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

static int grandchild(uint64_t writer)
{
        const uint64_t before[THIRDS] = {writer, 0, 0}, after[THIRDS] = {writer, 0, writer + 1};

        if (wrong(before))
                return 3;
        write_part(2, writer + 1);
        return wrong(after) ? 4 : 0;
}

static int child(uint64_t writer)
{
        const uint64_t before[THIRDS] = {0, 0, 0}, after[THIRDS] = {writer, 0, 0};
        pid_t pid;
        int result;

        if (wrong(before))
                return 1;
        write_part(0, writer);
        pid = fork();
        if (pid == 0)
                _exit(grandchild(writer));
        result = wrong(after) ? 2 : 0;
        return result ? result : outcome(pid);
}

int main(int count, char **argument)
{
        unsigned long kib = count > 1 ? strtoul(argument[1], NULL, 10) : 256;
        unsigned children = count > 2 ? (unsigned)strtoul(argument[2], NULL, 10) : 4;
        const uint64_t own[THIRDS] = {0, 0, 0};
        pid_t pid[64];

        pages = kib * 1024 / PAGE;
        memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED || children > 64)
                return 1;
        for (unsigned part = 0; part < THIRDS; part++)
                write_part(part, 0);
        for (unsigned i = 0; i < children; i++) {
                pid[i] = fork();
                if (pid[i] == 0)
                        _exit(child(2 + 2 * (uint64_t)i));
        }
        for (unsigned i = 0; i < children; i++)
                printf("child %u: %d\n", i, outcome(pid[i]));
        printf("own: %lu wrong\n", wrong(own));
        return 0;
}
