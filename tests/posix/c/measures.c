/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc measures of a process: memory that is locked (VmLck, VmFlags), all its regions together (smaps_rollup); and regions that grow
 * down (MAP_GROWSDOWN).  Compared with
 * Linux, as root. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { PAGE = 4096, PAGES = 16, RW = PROT_READ | PROT_WRITE, PLAIN = MAP_PRIVATE | MAP_ANONYMOUS };

static char text[1 << 16];

/* All of a file, without memory that would be measured. */
static void get(const char *path)
{
        size_t length = 0;
        ssize_t n;
        int f = open(path, O_RDONLY);

        while ((n = read(f, text + length, sizeof(text) - 1 - length)) > 0)
                length += (size_t)n;
        text[length] = '\0';
        close(f);
}

/* The sum of the numbers behind a name at the beginning of lines of a file; -1: there is none. */
static long number_in(const char *path, const char *name)
{
        long number = -1;

        get(path);
        for (char *line = text; line; line = strchr(line, '\n')) {
                line += *line == '\n';
                if (!strncmp(line, name, strlen(name)))
                        number = (number < 0 ? 0 : number) + atol(line + strlen(name));
        }
        return number;
}

static long locked(void)
{
        return number_in("/proc/self/status", "VmLck:");
}

/* Does the region that begins there say that it is locked? */
static int marked(const void *at)
{
        char start[40], *region, *flags;

        get("/proc/self/smaps");
        snprintf(start, sizeof(start), "\n%08lx-", (unsigned long)at);
        region = strstr(text, start);
        flags = region ? strstr(region, "VmFlags:") : NULL;
        if (!flags)
                return -1;
        *strchr(flags, '\n') = '\0';
        return strstr(flags, " lo") != NULL;
}

static void *map(void)
{
        return mmap(NULL, PAGES * PAGE, RW, PLAIN, -1, 0);
}

static void ranges(void)
{
        char *m = map();

        show_number("at first", locked());
        mprotect(m, PAGE, PROT_READ); /* it joins no neighbour */
        ASK(mlock(m + PAGE, 4 * PAGE));
        show_number("four pages", locked());
        printf("marked: %d %d\n", marked(m), marked(m + PAGE));
        ASK(mlock(m + 2 * PAGE, 2 * PAGE));
        show_number("again", locked());
        ASK(mlock(m + 7 * PAGE + 1, PAGE));
        show_number("two that it touches", locked());
        ASK(munlock(m + 2 * PAGE, PAGE));
        show_number("one less", locked());
        printf("marked: %d %d %d\n", marked(m + PAGE), marked(m + 2 * PAGE), marked(m + 3 * PAGE));
        ASK(munlock(m + 2 * PAGE, PAGE));
        show_number("as before", locked());
        ASK(mprotect(m + PAGE, PAGE, PROT_READ));
        show_number("read only", locked());
        ASK(munmap(m + 3 * PAGE, PAGE));
        show_number("one has gone", locked());
        ASK(madvise(m + 7 * PAGE, PAGE, MADV_DONTNEED));
        ASK(mlock(m, PAGES * PAGE)); /* there is a hole */
        munmap(m, PAGES * PAGE);
        show_number("all have", locked());
        ASK(mlock(map(), 0));
        show_number("none", locked());
}

static void moved(void)
{
        char *m = map(), *n;

        mlock(m, PAGES * PAGE);
        n = mremap(m, PAGES * PAGE, 2 * PAGES * PAGE, MREMAP_MAYMOVE);
        show_number("grown", locked());
        n = mremap(n, 2 * PAGES * PAGE, PAGE, 0);
        show_number("less", locked());
        munmap(n, PAGE);
        m = map();
        syscall(SYS_mlock2, m, PAGES * PAGE, 1);
        show_number("on fault", locked());
        if (!fork()) {
                show_number("a child has none", locked());
                mlock(m, PAGE);
                show_number("but its own", locked());
                _exit(0);
        }
        wait(NULL);
        show_number("its parent", locked());
        munmap(m, PAGES * PAGE);
}

static void everything(void)
{
        char *m;

        ASK(mlockall(MCL_FUTURE));
        show_number("none yet", locked());
        m = map();
        show_number("what comes", locked());
        printf("marked: %d\n", marked(m));
        if (!fork()) {
                map();
                show_number("not in a child", locked());
                _exit(0);
        }
        wait(NULL);
        ASK(munlockall());
        show_number("no more", locked());
        munmap(m, PAGES * PAGE);
        m = mmap(NULL, PAGES * PAGE, RW, PLAIN, -1, 0);
        show_number("nor what comes", locked());
        ASK(mlockall(MCL_CURRENT));
        printf("what is there: %d\n", locked() >= PAGES * PAGE / 1024);
        printf("no more than that: %d\n", locked() <= number_in("/proc/self/status", "VmSize:"));
        ASK(munlockall());
        show_number("no more", locked());
        munmap(m, PAGES * PAGE);
}

/* --- all regions together --- */

static void together(void)
{
        static const char *const names[] = {"Rss:", "Private_Dirty:", "Anonymous:", "Swap:", "Locked:"};
        const char *path = "/proc/self/smaps_rollup";
        char *m;
        long before;

        number_in("/proc/self/smaps", names[0]); /* all that it touches is there, then */
        for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
                printf("%s as in smaps: %d\n", names[i],
                       number_in(path, names[i]) == number_in("/proc/self/smaps", names[i]));
        printf("some: %d, and no size: %ld\n", number_in(path, "Rss:") > 0, number_in(path, "Size:"));
        before = number_in(path, "Private_Dirty:");
        m = map();
        memset(m, 1, PAGES * PAGE);
        show_number("written", number_in(path, "Private_Dirty:") - before);
        mlock(m, 3 * PAGE);
        show_number("locked", number_in(path, "Locked:"));
        munmap(m, PAGES * PAGE);
        show_number("gone", number_in(path, "Private_Dirty:") - before);
        get(path);
        printf("%.21s from column %d\n", strchr(text, ' '), (int)(strchr(text, '[') - text));
        show_number("regions", number_in(path, "VmFlags:"));
}

/* --- regions that grow down --- */

enum { RESERVED = 1024, GUARD = 256, BELOW = 300 };

static char *top; /* of a range where nothing is, but a region of two pages at its end */

static void place(int flags)
{
        top = mmap(NULL, RESERVED * PAGE, PROT_NONE, PLAIN, -1, 0);
        munmap(top, RESERVED * PAGE);
        top = mmap(top + (RESERVED - 2) * PAGE, 2 * PAGE, RW, PLAIN | MAP_FIXED | flags, -1, 0);
}

/* In a child: so many pages below it are touched; something is `BELOW` it, with that access, unless it is -1. */
static void touch(const char *what, int pages, int access)
{
        int status;
        long size = number_in("/proc/self/status", "VmSize:");

        fflush(stdout);
        if (!fork()) {
                volatile char *at = top - (long)pages * PAGE;

                if (access >= 0)
                        mmap(top - BELOW * PAGE, PAGE, access, PLAIN | MAP_FIXED, -1, 0);
                *at += 1;
                top[-1] = 1; /* all that is between */
                printf("%s: %d, %ld more\n", what, *at,
                       number_in("/proc/self/status", "VmSize:") - size - (access >= 0 ? 4 : 0));
                fflush(stdout);
                _exit(0);
        }
        wait(&status);
        show_end(what, status);
}

static void growing(void)
{
        struct rlimit stack = {64 * PAGE, RLIM_INFINITY}, little = {1 << 20, RLIM_INFINITY},
                      all = {RLIM_INFINITY, RLIM_INFINITY};

        place(0);
        touch("one that does not", 1, -1);
        place(MAP_GROWSDOWN);
        touch("one page", 1, -1);
        touch("many", 600, -1);
        touch("up to the gap", BELOW - 1 - GUARD, RW);
        touch("into the gap", BELOW - GUARD, PROT_READ);
        touch("nobody can touch it", BELOW - 1, PROT_NONE);
        touch("it is there", BELOW, PROT_NONE);
        setrlimit(RLIMIT_STACK, &stack);
        touch("up to the limit", 62, -1);
        touch("above the limit", 63, -1);
        stack.rlim_cur = 8 << 20;
        setrlimit(RLIMIT_STACK, &stack);
        setrlimit(RLIMIT_AS, &little);
        touch("no memory for it", 300, -1);
        setrlimit(RLIMIT_AS, &all);
        top[-5 * PAGE] = 1;
        printf("taken: %d\n",
               mmap(top - 5 * PAGE, PAGE, RW, PLAIN | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED);
        ASK(munmap(top - 5 * PAGE, 2 * PAGE));
        touch("a hole", 5, -1);
}

int main(void)
{
        ranges();
        moved();
        everything();
        together();
        growing();
        return 0;
}
