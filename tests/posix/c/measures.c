/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc measures of a process: memory that is locked (VmLck, VmFlags), all its regions together (smaps_rollup).  Compared with
 * Linux, as root. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
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

int main(void)
{
        ranges();
        moved();
        everything();
        together();
        return 0;
}
