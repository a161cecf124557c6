/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc/self/smaps says of a region, before and after a fork. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static void show_region(const char *when, const char *address)
{
        static const char *const names[] = {
                "Size:",          "Rss:",           "Pss:",       "Shared_Clean:", "Shared_Dirty:",
                "Private_Clean:", "Private_Dirty:", "Anonymous:", "Swap:"};
        FILE *f = fopen("/proc/self/smaps", "r");
        char line[4200];
        int here = 0;

        printf("%s:", when);
        while (f && fgets(line, sizeof(line), f)) {
                unsigned long from, to;

                if (sscanf(line, "%lx-%lx", &from, &to) == 2)
                        here = from <= (unsigned long)address && (unsigned long)address < to;
                for (unsigned i = 0; here && i < sizeof(names) / sizeof(*names); i++) {
                        if (!strncmp(line, names[i], strlen(names[i])))
                                printf(" %s%d", names[i], atoi(line + strlen(names[i])));
                }
        }
        printf("\n");
        fflush(stdout);
        if (f)
                fclose(f);
}

/* Its own page, between two that cannot be written, so that it is a region. */
static char *three_pages(int flags, int file)
{
        char *p = mmap(NULL, 3 * PAGE, PROT_READ, flags, file, 0);

        mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE);
        return p + PAGE;
}

static void test_private(void)
{
        char *p = three_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1);
        int go[2], done[2];
        char c;

        show_region("nothing", p);
        *(volatile char *)p = 1;
        show_region("written", p);
        if (pipe(go) || pipe(done))
                perror("pipe");
        fflush(stdout);
        if (!fork()) {
                show_region("in the child", p);
                *(volatile char *)p = 2;
                show_region("written by the child", p);
                if (write(done[1], "x", 1) != 1 || read(go[0], &c, 1) != 1)
                        perror("pipe");
                _exit(0);
        }
        if (read(done[0], &c, 1) != 1)
                perror("pipe");
        show_region("the parent's", p);
        if (write(go[1], "x", 1) != 1)
                perror("pipe");
        wait(NULL);
}

static void test_common(void)
{
        int f = open("/tmp/amounts", O_RDWR | O_CREAT | O_TRUNC, 0600);
        char *p, c;

        if (ftruncate(f, 3 * PAGE))
                perror("ftruncate");
        p = three_pages(MAP_SHARED, f);
        show_region("of a file", p);
        *(volatile char *)p = 1;
        if (!fork()) {
                c = *(volatile char *)p;
                show_region(c ? "in both" : "wrong", p);
                _exit(0);
        }
        wait(NULL);
        munmap(p - PAGE, 3 * PAGE);
        close(f);
        unlink("/tmp/amounts");
}

int main(void)
{
        test_private();
        test_common();
        return 0;
}
