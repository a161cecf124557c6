/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that several processes have: each may change its own, and the file its, and nobody else sees it. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 4, RX = PROT_READ | PROT_EXEC, RW = PROT_READ | PROT_WRITE };

static const char marker[] =
        "the marker says: first"; /* tests/posix/run changes it in a copy of this program */

/* A function that returns a number. */
static void put(unsigned *at, unsigned number)
{
        at[0] = 0x52800000u | number << 5; /* mov w0, #number */
        at[1] = 0xd65f03c0u;               /* ret */
}

static int call(const void *page)
{
#ifdef __aarch64__
        return ((int (*)(void))(uintptr_t)page)();
#else
        return (int)(*(const unsigned *)page >> 5 & 0xff);
#endif
}

static char *page_of(char *map, unsigned i)
{
        return map + (size_t)i * PAGE;
}

/* A file of functions that return their pages' numbers and `more`. */
static int make(const char *name, unsigned more)
{
        int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0755);
        unsigned code[2];

        ftruncate(file, (off_t)PAGES * PAGE);
        for (unsigned i = 0; i < PAGES; i++) {
                put(code, i + more);
                pwrite(file, code, sizeof(code), (off_t)i * PAGE);
        }
        return file;
}

static void say(const char *what, char *map)
{
        printf("%s:", what);
        for (unsigned i = 0; i < PAGES; i++)
                printf(" %d", call(page_of(map, i)));
        puts("");
        fflush(stdout);
}

/* A process, its child, and another mapping of the same file. */
static void own(void)
{
        int file = make("own", 10), status;
        char *a = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0),
             *b = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0);

        puts("-- own");
        say("both", a);
        say("have it", b);
        mprotect(page_of(a, 1), PAGE, RW);
        put((unsigned *)page_of(a, 1), 91);
        mprotect(page_of(a, 1), PAGE, RX);
        __builtin___clear_cache(page_of(a, 1), page_of(a, 2));
        say("changed", a);
        say("as it was", b);
        if (!fork()) {
                mprotect(b, PAGES * PAGE, RW);
                for (unsigned i = 0; i < PAGES; i += 2)
                        put((unsigned *)page_of(b, i), 80 + i);
                mprotect(b, PAGES * PAGE, RX);
                __builtin___clear_cache(b, page_of(b, PAGES));
                say("the child's", a);
                say("and its other", b);
                _exit(0);
        }
        wait(&status);
        say("the parent's", a);
        say("and its other", b);
        munmap(a, PAGES * PAGE);
        a = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0);
        say("the file's", a);
        munmap(a, PAGES * PAGE);
        munmap(b, PAGES * PAGE);
        close(file);
}

/* To another place, and parts of it away. */
static void moved(void)
{
        int file = make("moved", 20);
        char *a = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0),
             *room = mmap(NULL, 2 * PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *b;

        puts("-- moved");
        say("here", a);
        b = mremap(a, PAGES * PAGE, PAGES * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room + PAGE);
        printf("moved %d\n", b == room + PAGE);
        say("there", b);
        munmap(page_of(b, 1), 2 * PAGE);
        printf("left %d %d\n", call(b), call(page_of(b, 3)));
        mmap(page_of(b, 1), PAGE, RX, MAP_PRIVATE | MAP_FIXED, file, (off_t)3 * PAGE);
        printf("another %d\n", call(page_of(b, 1)));
        munmap(room, 2 * PAGES * PAGE);
        close(file);
}

/* The file changes while nobody has it, and while somebody has parts of it that nobody has looked at. */
static void changed(void)
{
        int file = make("changed", 30);
        char *a = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0);
        unsigned code[2];

        puts("-- changed");
        printf("first %d\n", call(a));
        put(code, 77);
        pwrite(file, code, sizeof(code), (off_t)2 * PAGE);
        printf("third %d\n", call(page_of(a, 2)));
        munmap(a, PAGES * PAGE);
        for (unsigned round = 0; round < 20; round++) {
                put(code, 100 + round);
                pwrite(file, code, sizeof(code), 0);
                a = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0);
                printf("%d ", call(a));
                munmap(a, PAGES * PAGE);
        }
        a = mmap(NULL, PAGES * PAGE, RX, MAP_SHARED, file, 0);
        printf("%d\n", call(a));
        ftruncate(file, PAGE);
        printf("shorter %d\n", call(a));
        munmap(a, PAGES * PAGE);
        close(file);
        file = make("changed", 40);
        a = mmap(NULL, PAGES * PAGE, RX, MAP_PRIVATE, file, 0);
        say("made anew", a);
        unlink("changed");
        close(file);
        say("without a name", a);
        munmap(a, PAGES * PAGE);
}

int main(int argc, char **argv)
{
        char place[] = "/tmp/text.XXXXXX";

        if (argc == 2 && !strcmp(argv[1], "say")) {
                puts(marker);
                return 0;
        }
        if (!mkdtemp(place) || chdir(place))
                return 1;
        own();
        moved();
        changed();
        TRY(unlink("own"));
        TRY(unlink("moved"));
        chdir("/");
        TRY(rmdir(place));
        return 0;
}
