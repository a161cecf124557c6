/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: malloc of all sizes, mappings, protection, moving, and what is refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, BLOCKS = 500, MIB = 1 << 20 };

static const char *outcome(long result)
{
        return result < 0 ? strerror(errno) : "done";
}

static void heap(void)
{
        static unsigned char *block[BLOCKS];
        int good = 1;
        char *large = malloc(20 * MIB), *none;

        for (int i = 0; i < BLOCKS; i++) {
                block[i] = malloc((size_t)i * 37 % 5000 + 1);
                memset(block[i], i & 255, (size_t)i * 37 % 5000 + 1);
        }
        for (int i = 0; i < BLOCKS; i += 2)
                free(block[i]);
        for (int i = 1; i < BLOCKS; i += 2) {
                good &= block[i][(size_t)i * 37 % 5000] == (i & 255);
                block[i] = realloc(block[i], 10000);
                good &= block[i][0] == (i & 255);
        }
        memset(large, 5, 20 * MIB);
        large = realloc(large, 40 * MIB);
        none = malloc(SIZE_MAX / 4);
        printf("heap %d, large %d, impossible %d %s\n", good, large[20 * MIB - 1], none != NULL,
               strerror(errno));
        free(large);
        for (int i = 1; i < BLOCKS; i += 2)
                free(block[i]);
        block[0] = calloc(1000, 1000);
        for (int i = 0; i < 1000000; i++)
                good &= block[0][i] == 0;
        printf("calloc %d, brk moves %d\n", good, sbrk(PAGE) != (void *)-1 && sbrk(-PAGE) != (void *)-1);
        free(block[0]);
}

static char *map(void *at, size_t size, int protection, int flags)
{
        return mmap(at, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

/* A child that touches a page in one way: how it ends. */
static int touch(volatile char *page, int write)
{
        int status;
        pid_t pid = fork();

        if (pid == 0) {
                if (write)
                        *page = 1;
                else
                        (void)*page;
                _exit(0);
        }
        if (waitpid(pid, &status, 0) != pid)
                return 1000; /* there was no child */
        return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void mappings(void)
{
        char *a = map(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, 0), *b;

        a[0] = a[9 * PAGE] = 'x';
        printf("fresh pages are zero: %d\n", a[PAGE] == 0);
        printf("unmap the middle: %s\n", outcome(munmap(a + 4 * PAGE, 2 * PAGE)));
        printf("around it %d %d, inside %d\n", touch(a + 3 * PAGE, 1), touch(a + 6 * PAGE, 1),
               touch(a + 4 * PAGE, 1));
        b = map(a + 4 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED);
        printf("put one back: %d, and it is zero: %d\n", b == a + 4 * PAGE, *b == 0);
        printf("read only: %s\n", outcome(mprotect(a, PAGE, PROT_READ)));
        printf("%d %d\n", touch(a, 0), touch(a, 1));
        printf("nothing: %s\n", outcome(mprotect(a, PAGE, PROT_NONE)));
        printf("%d\n", touch(a, 0));
        printf("all again: %s\n", outcome(mprotect(a, PAGE, PROT_READ | PROT_WRITE)));
        printf("%d %c\n", touch(a, 1), a[0]);
        printf("advice: %s\n", outcome(madvise(a, PAGE, MADV_DONTNEED)));
        printf("content after it is zero: %d\n", a[0] == 0);
        munmap(a, 10 * PAGE);
}

static void moving(void)
{
        char *a = map(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, 0), *b;

        strcpy(a + 3 * PAGE, "keeps");
        b = mremap(a, 4 * PAGE, 600 * PAGE, MREMAP_MAYMOVE);
        printf("grow: %d %s %d\n", b != MAP_FAILED, b + 3 * PAGE, b[599 * PAGE]);
        a = mremap(b, 600 * PAGE, 4 * PAGE, 0);
        printf("shrink: %d %s, behind it %d\n", a == b, a + 3 * PAGE, touch(a + 5 * PAGE, 1));
        map(a + 4 * PAGE, PAGE, PROT_READ, MAP_FIXED);
        b = mremap(a, 4 * PAGE, 8 * PAGE, 0);
        printf("no room without moving: %d %s\n", b == MAP_FAILED, strerror(errno));
        b = mremap(a + 1, PAGE, PAGE, 0);
        printf("not aligned: %d %s\n", b == MAP_FAILED, strerror(errno));
        munmap(a, 5 * PAGE);
        b = mremap(a, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
        printf("nothing there: %d %s\n", b == MAP_FAILED, strerror(errno));
}

static void of_files(void)
{
        int file = open("/tmp/mapped", O_RDWR | O_CREAT | O_TRUNC, 0644);
        char *a, text[6] = {0};

        printf("written %zd\n", write(file, "hello", 5));
        a = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
        a[0] = 'j';
        printf("private: %s, file: %zd %s\n", a, pread(file, text, 5, 0), text);
        printf("behind the end %d\n", a[100]);
        munmap(a, PAGE);
        a = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 100);
        printf("offset not aligned: %d %s\n", a == MAP_FAILED, strerror(errno));
        close(file);
        a = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
        printf("closed file: %d %s\n", a == MAP_FAILED, strerror(errno));
        unlink("/tmp/mapped");
}

/* A child that reads a byte of a mapping: what it finds, or the signal it ends with. */
static int peek(volatile char *at)
{
        int status, pid = fork();

        if (pid == 0)
                _exit(*at);
        waitpid(pid, &status, 0);
        return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* Pages of a file end with it, and come and go with its size. */
static void ends_of_files(void)
{
        static const int sizes[] = {0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE};
        static char content[2 * PAGE];
        char *a;

        memset(content, 'c', sizeof(content));
        for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
                int file = open("/tmp/ends", O_RDWR | O_CREAT | O_TRUNC, 0600);

                if (write(file, content, (size_t)sizes[i]) != sizes[i])
                        return;
                a = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
                printf("%d bytes: %d %d %d %d %d\n", sizes[i], peek(a), peek(a + PAGE - 1), peek(a + PAGE),
                       peek(a + 2 * PAGE - 1), peek(a + 2 * PAGE));
                printf("write behind: %d\n", touch(a + 2 * PAGE, 1));
                printf("grown: %d\n", ftruncate(file, 3 * PAGE));
                printf("there: %d %d\n", peek(a + PAGE + 1), peek(a + 2 * PAGE));
                a[0] = a[PAGE] = a[2 * PAGE] = 'm';
                printf("cut: %d\n", ftruncate(file, PAGE));
                printf("there: %d %d %d\n", peek(a), peek(a + PAGE), peek(a + 2 * PAGE));
                munmap(a, PAGE);
                close(file);
                printf("closed: %d %d\n", peek(a), peek(a + PAGE));
                munmap(a + PAGE, 2 * PAGE);
        }
        a = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/tmp", O_RDONLY), 0);
        printf("a directory: %s\n", a == MAP_FAILED ? strerror(errno) : "done");
        unlink("/tmp/ends");
}

static void common(void)
{
        volatile char *a = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        a[0] = 'a';
        printf("common memory: %d", touch(a + PAGE, 1));
        printf(" %d %c %d\n", a[PAGE], a[0], a[2 * PAGE]);
        munmap((void *)(a + PAGE), PAGE);
        printf("a part is gone: %d %d\n", touch(a + 2 * PAGE, 1), a[2 * PAGE]);
        printf("not to be written: %s\n", outcome(mprotect((void *)a, PAGE, PROT_READ)));
        printf("%d\n", touch(a, 1));
        munmap((void *)a, 3 * PAGE);
}

static void refused(void)
{
        char *a = map(NULL, 0, PROT_READ, 0);

        printf("length 0: %s\n", a == MAP_FAILED ? strerror(errno) : "done");
        a = map(NULL, SIZE_MAX / 2, PROT_READ, 0);
        printf("too long: %s\n", a == MAP_FAILED ? strerror(errno) : "done");
        printf("unmap at 1: %s\n", outcome(munmap((void *)1, PAGE)));
        printf("unmap nothing: %s\n", outcome(munmap((void *)(64ul << 20), PAGE)));
        printf("protect nothing: %s\n", outcome(mprotect((void *)(64ul << 20), PAGE, PROT_READ)));
        printf("protect at 1: %s\n", outcome(mprotect((void *)1, PAGE, PROT_READ)));
}

/* Many mappings that cannot be one, made in two orders, found again, and gone; and many that can. */
static void many(void)
{
        enum { MANY = 4096, STEP = 1021 };
        char *a = map(NULL, 2 * MANY * PAGE, PROT_READ | PROT_WRITE, 0), *b;
        int changed = 0, good = 1;

        for (int i = 0; i < MANY; i++)
                a[(size_t)i * 2 * PAGE] = (char)i;
        for (int i = 0; i < MANY; i++)
                changed += !mprotect(a + (size_t)(i * STEP % MANY) * 2 * PAGE, PAGE, PROT_READ);
        for (int i = 0; i < MANY; i++)
                good &= a[(size_t)i * 2 * PAGE] == (char)i;
        printf("%d changed, good %d, to be read only %d, beside it %d\n", changed, good, touch(a, 1),
               touch(a + PAGE, 1));
        for (int i = 0; i < MANY; i += 2)
                good &= !munmap(a + (size_t)i * 2 * PAGE, PAGE);
        printf("half of them are gone %d: %d %d\n", good, touch(a, 0), touch(a + (size_t)2 * PAGE, 0));
        b = map(a, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED);
        printf("one is back: %d, and fresh: %d\n", b == a, *b);
        printf("all of it goes: %s, and one page of it: %d\n", outcome(munmap(a, 2 * MANY * PAGE)),
               touch(a + PAGE, 0));
        for (int i = 0; i < MANY; i++) {
                b = map(NULL, PAGE, i & 1 ? PROT_READ : PROT_READ | PROT_WRITE, 0);
                good &= b != MAP_FAILED && *b == 0;
        }
        printf("one by one: %d\n", good);
}

/* Pages that come along with others are as fresh, in every order of touching. */
static void around(void)
{
        enum { PAGES = 600, STEP = 77 };
        char *a = map(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, 0);
        int good = 1, status;

        for (int i = 0; i < PAGES; i++)
                good &= a[(size_t)i * PAGE] == 0 && a[(size_t)i * PAGE + PAGE - 1] == 0;
        for (int i = 0; i < PAGES; i++) {
                good &= a[(size_t)i * PAGE + 5] == 0;
                a[(size_t)i * PAGE + 5] = (char)(i % 100 + 1);
        }
        if (!fork()) {
                for (int i = 0; i < PAGES; i++)
                        good &= a[(size_t)(i * STEP % PAGES) * PAGE + 5]++ == i * STEP % PAGES % 100 + 1;
                _exit(!good);
        }
        wait(&status);
        for (int i = 0; i < PAGES; i++)
                good &= a[(size_t)i * PAGE + 5] == i % 100 + 1;
        printf("one after the other: %d, the child's copy: %d\n", good, WEXITSTATUS(status));
        madvise(a + 10 * PAGE, 100 * PAGE, MADV_DONTNEED);
        for (int i = 0; i < PAGES; i++)
                good &= a[(size_t)i * PAGE + 5] == (i >= 10 && i < 110 ? 0 : i % 100 + 1);
        printf("without some: %d\n", good);
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        heap();
        mappings();
        moving();
        of_files();
        ends_of_files();
        common();
        refused();
        many();
        around();
        return 0;
}
