/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that several processes have mapped in many regions is made shorter: nobody keeps what was beyond its new end, whatever they do
 * with their memory meanwhile.  cuts SIZE: so many regions in each process; without a size there are few, and Linux prints the same. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, FEW = 20, PAGES = 16, KEPT = 5, PROCESSES = 8 };

static int size = FEW;
static sigjmp_buf back;

static void on_signal(int signal)
{
        siglongjmp(back, signal);
}

/* The content of a page; -1: it does not exist. */
static int look(const volatile char *at)
{
        if (sigsetjmp(back, 1))
                return -1;
        return *at;
}

/* Every second page is one of the file's, in turn; between them is nothing. */
static char *map_many(int f)
{
        char *a = mmap(NULL, (size_t)size * 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *at = a;

        munmap(a, (size_t)size * 2 * PAGE);
        for (int i = 0; i < size; i++, at += (size_t)2 * PAGE) {
                if (mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, f,
                         (off_t)(i % PAGES) * PAGE) != at) {
                        puts("mmap fails");
                        exit(1);
                }
        }
        return a;
}

static int made(void)
{
        static char page[PAGE];
        int f = open("/tmp/cuts", O_RDWR | O_CREAT | O_TRUNC, 0600);

        for (int i = 0; i < PAGES; i++) {
                memset(page, 'a' + i, sizeof(page));
                write(f, page, sizeof(page));
        }
        return f;
}

/* Do the regions have the right contents when the file has `pages` pages?  All of them, or, of many, some. */
static int good(const char *a, int pages, int all)
{
        int step = all || size <= FEW ? 1 : 37, wrong = 0;

        for (int i = 0; i < size; i += step)
                wrong += look(a + (size_t)i * 2 * PAGE) != (i % PAGES < pages ? 'a' + i % PAGES : -1);
        return !wrong;
}

/* What a child does between two messages from its parent, and what it finds then. */
static void child(char *a, int ready, int go)
{
        int seen = good(a, PAGES, 1);
        char c = 0;

        write(ready, &c, 1);
        read(go, &c, 1);
        _exit(!seen || !good(a, KEPT, 0));
}

/* Each has pages of all regions before the file is cut. */
static void common(void)
{
        int f = made(), ready[2], go[2], status, right = 0;
        char *a = map_many(f), c = 0;

        pipe(ready);
        pipe(go);
        for (int i = 0; i < PROCESSES; i++) {
                if (fork() == 0)
                        child(a, ready[1], go[0]);
        }
        for (int i = 0; i < PROCESSES; i++)
                read(ready[0], &c, 1);
        good(a, PAGES, 1);
        tell("the file is cut", ftruncate(f, KEPT * PAGE));
        for (int i = 0; i < PROCESSES; i++)
                write(go[1], &c, 1);
        while (wait(&status) > 0)
                right += status == 0;
        printf("%d saw it, and I %d\n", right, good(a, KEPT, 0));
        tell("it is long again", ftruncate(f, PAGES * PAGE));
        printf("nothing is there: %d\n", look(a + (size_t)KEPT * 2 * PAGE));
        close(f);
        unlink("/tmp/cuts");
        munmap(a, (size_t)size * 2 * PAGE);
}

/* While one cuts it, another one moves its memory, and makes children: they find nothing beyond the end. */
static void beside(void)
{
        int f = made(), status, wrong = 0;
        char *a = map_many(f), *b;
        int pid = fork();

        good(a, PAGES, 1);
        if (pid == 0) {
                ftruncate(f, KEPT * PAGE);
                _exit(0);
        }
        b = mremap(a + (size_t)(PAGES - 1) * 2 * PAGE, PAGE, (size_t)2 * PAGE, MREMAP_MAYMOVE);
        if (fork() == 0) {
                ftruncate(f, KEPT * PAGE);
                _exit(!good(a, KEPT, 0));
        }
        while (wait(&status) > 0)
                wrong += status != 0;
        printf("moved and cut: %d %d %d\n", wrong, look(b), look(a + (size_t)(KEPT + 1) * 2 * PAGE));
        printf("kept: %d\n", look(a));
        close(f);
        munmap(a, (size_t)size * 2 * PAGE);
        munmap(b, (size_t)2 * PAGE);
        unlink("/tmp/cuts");
}

/* The file has no name any more, and more regions than 16 bits count: those that stay keep it, whoever goes. */
static void nameless(void)
{
        int f = made(), pid[PROCESSES];
        char *a = map_many(f);

        unlink("/tmp/cuts");
        close(f);
        for (int i = 0; i < PROCESSES; i++) {
                pid[i] = fork();
                if (pid[i] == 0) {
                        pause();
                        _exit(0);
                }
        }
        for (int i = 0; i < PROCESSES; i++) {
                kill(pid[i], SIGKILL);
                waitpid(pid[i], NULL, 0);
        }
        close(made());
        unlink("/tmp/cuts");
        printf("it is still there: %d\n", good(a, PAGES, 0));
        munmap(a, (size_t)size * 2 * PAGE);
}

int main(int words, char **word)
{
        struct sigaction action = {.sa_handler = on_signal};

        if (words > 1 && atoi(word[1]))
                size = atoi(word[1]);
        setvbuf(stdout, NULL, _IONBF, 0);
        sigaction(SIGBUS, &action, NULL);
        sigaction(SIGSEGV, &action, NULL);
        common();
        beside();
        nameless();
        return 0;
}
