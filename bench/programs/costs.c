/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls and faults cost an ordinary static program: the same binary runs on the starter OS and as the first process of
 * Linux.  In QEMU with -icount shift=0 an instruction takes a nanosecond, so the counter counts instructions, those of the system
 * included.
 *
 * Prints `cost NAME INSTRUCTIONS COUNT` for each row of bench/rows.tsv, or only for those that are named (those that read the
 * file want `write` before them), and SUITE END. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, MIB = 1 << 20, PIECE = 64 << 10 };

static char buffer[PIECE];

static uint64_t ns(void)
{
        uint64_t ticks, frequency;

        __asm__ volatile("isb; mrs %0, cntvct_el0; mrs %1, cntfrq_el0"
                         : "=r"(ticks), "=r"(frequency)::"memory");
        return ticks * (1000000000 / frequency);
}

static void must(int good, const char *what)
{
        if (!good) {
                printf("FAIL %s\n", what);
                exit(1);
        }
}

static uint64_t calls(unsigned count)
{
        uint64_t start = ns();

        for (unsigned i = 0; i < count; i++)
                syscall(SYS_getppid);
        return ns() - start;
}

static uint64_t clocks(unsigned count)
{
        uint64_t start = ns();
        struct timespec t;

        for (unsigned i = 0; i < count; i++)
                clock_gettime(CLOCK_MONOTONIC, &t);
        return ns() - start;
}

static uint64_t to_null(unsigned count)
{
        int file = open("/dev/null", O_WRONLY);
        uint64_t start = ns();

        must(file >= 0, "/dev/null");
        for (unsigned i = 0; i < count; i++)
                must(write(file, buffer, 1) == 1, "write to /dev/null");
        start = ns() - start;
        close(file);
        return start;
}

/* A byte is sent and comes back. */
static uint64_t ping_pong(unsigned count)
{
        int there[2], back[2];
        uint64_t start;

        must(!pipe(there) && !pipe(back), "pipe");
        if (!fork()) {
                for (unsigned i = 0; i <= count; i++) {
                        must(read(there[0], buffer, 1) == 1, "read from a pipe");
                        must(write(back[1], buffer, 1) == 1, "write to a pipe");
                }
                _exit(0);
        }
        for (unsigned i = 0; i <= count; i++) {
                start = i ? start : ns();
                must(write(there[1], buffer, 1) == 1 && read(back[0], buffer, 1) == 1, "ping-pong");
                start = i ? start : ns();
        }
        start = ns() - start;
        wait(NULL);
        for (int i = 0; i < 2; i++)
                must(!close(there[i]) && !close(back[i]), "close");
        return start;
}

static uint64_t forks(unsigned count)
{
        uint64_t start = ns();

        for (unsigned i = 0; i < count; i++) {
                if (!fork())
                        _exit(0);
                wait(NULL);
        }
        return ns() - start;
}

static const char *self;

static __attribute__((noinline)) void run_self(void)
{
        if (!vfork()) {
                execl(self, self, "end", (char *)NULL);
                _exit(1);
        }
}

/* The child's program is this one, which then ends at once. */
static uint64_t execs(unsigned count)
{
        uint64_t start = ns();

        for (unsigned i = 0; i < count; i++) {
                int status = 1;

                run_self();
                must(wait(&status) > 0 && status == 0, "vfork and exec");
        }
        return ns() - start;
}

static uint64_t write_file(unsigned mib)
{
        int file = open("/tmp/costs", O_CREAT | O_RDWR | O_TRUNC, 0600);
        uint64_t start = ns();

        must(file >= 0, "/tmp/costs");
        for (unsigned i = 0; i < mib * (MIB / PIECE); i++)
                must(write(file, buffer, PIECE) == PIECE, "write a file");
        start = ns() - start;
        close(file);
        return start;
}

static uint64_t read_file(unsigned mib, size_t piece)
{
        int file = open("/tmp/costs", O_RDONLY);
        uint64_t start = ns();

        must(file >= 0, "/tmp/costs");
        for (size_t i = 0; i < mib * (MIB / piece); i++)
                must(read(file, buffer, piece) == (ssize_t)piece, "read a file");
        start = ns() - start;
        close(file);
        return start;
}

static uint64_t read_large(unsigned mib)
{
        return read_file(mib, PIECE);
}

static uint64_t read_small(unsigned mib)
{
        return read_file(mib, PAGE);
}

static uint64_t through_pipe(unsigned mib)
{
        size_t left = (size_t)mib * MIB;
        uint64_t start;
        int ends[2];

        must(!pipe(ends), "pipe");
        if (!fork()) {
                close(ends[0]);
                for (size_t i = 0; i < left / PIECE; i++)
                        must(write(ends[1], buffer, PIECE) == PIECE, "write to a pipe");
                _exit(0);
        }
        close(ends[1]);
        must(read(ends[0], buffer, 1) == 1, "read from a pipe");
        left--;
        start = ns();
        while (left > 0) {
                ssize_t n = read(ends[0], buffer, PIECE);

                must(n > 0, "read from a pipe");
                left -= (size_t)n;
        }
        start = ns() - start;
        close(ends[0]);
        wait(NULL);
        return start;
}

static volatile char *map(size_t size)
{
        void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        must(at != MAP_FAILED, "mmap");
        return at;
}

static void touch(volatile char *at, size_t pages)
{
        for (size_t i = 0; i < pages; i++)
                at[i * PAGE] = 1;
}

static uint64_t touches(unsigned pages)
{
        volatile char *at = map((size_t)pages * PAGE);
        uint64_t start = ns();

        touch(at, pages);
        start = ns() - start;
        munmap((void *)at, (size_t)pages * PAGE);
        return start;
}

/* Pages so far from each other that a fault on one does not bring in another. */
static uint64_t alone(unsigned pages)
{
        enum { STEP = 64 };
        size_t size = (size_t)pages * STEP * PAGE;
        volatile char *at = map(size);
        uint64_t start;

        madvise((void *)at, size, MADV_NOHUGEPAGE);
        start = ns();
        for (size_t i = 0; i < pages; i++)
                at[i * STEP * PAGE] = 1;
        start = ns() - start;
        munmap((void *)at, size);
        return start;
}

static uint64_t map_unmap(unsigned count)
{
        uint64_t start = ns();

        for (unsigned i = 0; i < count; i++) {
                volatile char *at = map(PAGE);

                *at = 1;
                munmap((void *)at, PAGE);
        }
        return ns() - start;
}

static uint64_t unmap(unsigned count)
{
        enum { SIZE = 16 * MIB };
        uint64_t all = 0;

        for (unsigned i = 0; i < count; i++) {
                volatile char *at = map(SIZE);
                uint64_t start;

                touch(at, SIZE / PAGE);
                start = ns();
                munmap((void *)at, SIZE);
                all += ns() - start;
        }
        return all;
}

/* The parent has the pages, too. */
static uint64_t fork_write(unsigned count)
{
        enum { SIZE = 4 * MIB };
        volatile char *at = map(SIZE);
        uint64_t start;

        touch(at, SIZE / PAGE);
        start = ns();
        for (unsigned i = 0; i < count; i++) {
                if (!fork()) {
                        touch(at, SIZE / PAGE);
                        _exit(0);
                }
                wait(NULL);
        }
        start = ns() - start;
        munmap((void *)at, SIZE);
        return start;
}

static char **only; /* a NULL ends them */

static int wanted(const char *name)
{
        for (int i = 0; only[i]; i++) {
                if (!strcmp(only[i], name))
                        return 1;
        }
        return !only[0];
}

static void cost(const char *name, uint64_t (*measure)(unsigned), unsigned count)
{
        if (!wanted(name))
                return;
        measure(1 + count / 8); /* work done only the first time is not counted */
        printf("cost linux-%s %llu %u\n", name, (unsigned long long)measure(count), count);
        fflush(stdout);
}

int main(int argc, char **argv)
{
        int alone_here = getpid() == 1; /* the first process of Linux */

        if (argc > 1 && !strcmp(argv[1], "end"))
                return 0;
        only = argv + (argc > 0);
        self = alone_here ? "/init" : "/bin/costs";
        if (alone_here) {
                mkdir("/dev", 0755);
                mkdir("/tmp", 0755);
                must(!mount("none", "/dev", "devtmpfs", 0, NULL) && !mount("none", "/tmp", "tmpfs", 0, NULL),
                     "mount");
        }
        memset(buffer, 1, sizeof(buffer));
        cost("getppid", calls, 2000);
        cost("clock", clocks, 2000);
        cost("null", to_null, 2000);
        cost("ping-pong", ping_pong, 500);
        cost("fork", forks, 50);
        cost("exec", execs, 20);
        cost("write", write_file, 4);
        cost("read", read_large, 4);
        cost("read-4k", read_small, 4);
        cost("pipe", through_pipe, 2);
        cost("touch", touches, 4096);
        cost("touch-alone", alone, 256);
        cost("map", map_unmap, 200);
        cost("unmap-16m", unmap, 2);
        cost("fork-write-4m", fork_write, 4);
        printf("SUITE END\n");
        fflush(stdout);
        if (alone_here)
                reboot(RB_POWER_OFF);
        return 0;
}
