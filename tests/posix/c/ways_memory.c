/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that is moved, advised about, locked and looked at: what each kind of such a call does, and its refusals. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum {
        PAGE = 4096,
        SHARED = MAP_SHARED | MAP_ANONYMOUS,
        PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS,
        BOTH = PROT_READ | PROT_WRITE
};
enum { DONT_UNMAP = 4, LAST_ADVICE = 110 };

static sigjmp_buf back;
static int file;

static void caught(int signal)
{
        siglongjmp(back, signal);
}

/* The first byte of each page as a letter: '0' for zero; '!' and '?' where reading is a fault. */
static void look(const char *what, volatile char *at, int pages)
{
        char text[33] = "";

        for (volatile int i = 0; i < pages; i++) {
                int signal = sigsetjmp(back, 1);

                text[i] = signal == SIGBUS ? '?' : '!';
                if (!signal)
                        text[i] = at[i * PAGE] ? at[i * PAGE] : '0';
        }
        printf("%s: %s\n", what, text);
}

static char *pages(int count, int flags)
{
        char *at = mmap(NULL, (size_t)count * PAGE, BOTH, flags, flags & MAP_ANONYMOUS ? -1 : file, 0);

        for (int i = 0; i < count; i++)
                at[i * PAGE] = (char)('a' + i);
        return at;
}

static char *mapped_file(int count, int flags)
{
        if (ftruncate(file, (long)count * PAGE))
                puts("no file");
        return pages(count, flags);
}

#define MOVED(call) ((char *)(call) == MAP_FAILED ? -1l : 0l)

static void moves(void)
{
        char *a = pages(4, PRIVATE), *b = pages(8, PRIVATE), *c;

        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED, b)));
        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, b + 1)));
        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, a + PAGE)));
        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, a)));
        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, -2l * PAGE)));
        ASK(MOVED(mremap(a, 2 * PAGE, 4 * PAGE, DONT_UNMAP | MREMAP_MAYMOVE, 0)));
        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, DONT_UNMAP, 0)));
        look("before", a, 4);
        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, b)));
        look("from", a, 4);
        look("to", b, 8);
        ASK(MOVED(mremap(b + 2 * PAGE, PAGE, 3 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, a)));
        look("longer", a, 4);
        look("from", b, 8);
        ASK(MOVED(mremap(b + 4 * PAGE, 3 * PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, b)));
        look("shorter", b, 8);
        c = mremap(a, 2 * PAGE, 2 * PAGE, DONT_UNMAP | MREMAP_MAYMOVE, 0);
        ASK(MOVED(c));
        look("stays", a, 4);
        look("went", c, 2);
        *a = 'z';
        look("used", a, 1);
        ASK(MOVED(mremap(c, PAGE, PAGE, DONT_UNMAP | MREMAP_MAYMOVE | MREMAP_FIXED, a)));
        look("left", c, 2);
        look("over", a, 1);
}

static void moves_of_files(void)
{
        char *a = mapped_file(4, MAP_SHARED), *b = pages(4, PRIVATE), *c;

        ASK(MOVED(mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, b + PAGE)));
        look("to", b, 4);
        b[PAGE] = 'A';
        if (pread(file, b, 1, 0) == 1)
                look("the file", b, 1);
        c = mremap(a + 2 * PAGE, 0, PAGE, MREMAP_MAYMOVE);
        ASK(MOVED(c));
        look("twice", c, 1);
        look("stays", a, 4);
        ASK(MOVED(mremap(b, 0, PAGE, MREMAP_MAYMOVE)));
        c = mremap(a + 2 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | DONT_UNMAP, 0);
        ASK(MOVED(c));
        look("both", c, 1);
        look("both", a + 2 * PAGE, 1);
        c = pages(2, PRIVATE);
        munmap(c + PAGE, PAGE);
        ASK(MOVED(mremap(c, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE)));
}

/* Each advice for private memory, memory that is common, and a file; only those whose answer does not depend on how Linux was built. */
static void advices(void)
{
        static const int advice[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,          16,
                                     17, 18, 19, 20, 21, 22, 23, 24, 26, 50, 99, LAST_ADVICE, -1};
        static const char *const kind[] = {"private", "common", "file, private", "file"};

        for (unsigned k = 0; k < 4; k++) {
                for (unsigned i = 0; i < sizeof(advice) / sizeof(*advice); i++) {
                        char *a = k < 2 ? pages(3, k ? SHARED : PRIVATE)
                                        : mapped_file(3, k == 2 ? MAP_PRIVATE : MAP_SHARED),
                             text[40];

                        snprintf(text, sizeof(text), "%s, advice %d", kind[k], advice[i]);
                        errno = 0;
                        ask_tell(text, madvise(a + PAGE, PAGE, advice[i]));
                        if (advice[i] != 8)
                                look("then", a, 3);
                        munmap(a, 3 * PAGE);
                }
        }
}

static void advice_for_forks(void)
{
        char *a = pages(6, PRIVATE);
        int status;

        ASK(madvise(a + PAGE, PAGE, MADV_DONTFORK));
        ASK(madvise(a + 2 * PAGE, PAGE, MADV_WIPEONFORK));
        ASK(madvise(a + 3 * PAGE, 2 * PAGE, MADV_DONTFORK));
        ASK(madvise(a + 3 * PAGE, PAGE, MADV_DOFORK));
        ASK(madvise(a + 5 * PAGE, PAGE, MADV_WIPEONFORK));
        ASK(madvise(a + 5 * PAGE, PAGE, MADV_KEEPONFORK));
        fflush(stdout);
        if (!fork()) {
                look("child", a, 6);
                a[2 * PAGE] = 'x';
                fflush(stdout);
                if (!fork()) {
                        look("its child", a, 6);
                        exit(0);
                }
                wait(&status);
                exit(0);
        }
        wait(&status);
        look("parent", a, 6);
}

static void advice_for_pages(void)
{
        char *a = mmap(NULL, 6 * PAGE, BOTH, PRIVATE, -1, 0),
             *r = mmap(NULL, 2 * PAGE, PROT_READ, PRIVATE, -1, 0);
        unsigned char there[6];

        ASK(madvise(a + PAGE, 2 * PAGE, 23));
        ASK(mincore(a, 6 * PAGE, there));
        printf("%d%d%d%d\n", there[0] & 1, there[1] & 1, there[2] & 1, there[3] & 1);
        ASK(madvise(r, PAGE, 22));
        ASK(madvise(r, PAGE, 23));
        munmap(a + 3 * PAGE, PAGE);
        ASK(madvise(a, 6 * PAGE, 23));
        ASK(madvise(a, 6 * PAGE, MADV_DONTNEED));
        mprotect(a, PAGE, PROT_NONE);
        ASK(madvise(a, PAGE, 22));
        ASK(madvise(a, PAGE, 23));
        ASK(mlock(a + PAGE, PAGE));
        ASK(madvise(a + PAGE, PAGE, MADV_DONTNEED));
        ASK(madvise(a + PAGE, PAGE, 24));
        ASK(madvise(a + PAGE, PAGE, MADV_COLD));
        ASK(madvise(a + PAGE, PAGE, MADV_PAGEOUT));
        ASK(madvise(a + PAGE, PAGE, MADV_FREE));
        ASK(msync(a + PAGE, PAGE, MS_INVALIDATE));
        ASK(munlock(a + PAGE, PAGE));
        ASK(msync(a + PAGE, PAGE, MS_INVALIDATE));
        a = mapped_file(4, MAP_SHARED);
        if (ftruncate(file, PAGE))
                puts("not cut");
        ASK(madvise(a, 4 * PAGE, 22));
        ASK(madvise(a, 4 * PAGE, 23));
        look("cut", a, 4);
}

static void maps(void)
{
        struct rlimit old, none = {0, 0};
        char *a;

        ASK(MOVED(mmap(NULL, PAGE, BOTH, PRIVATE | MAP_POPULATE, -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, PRIVATE | MAP_LOCKED, -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, PRIVATE | MAP_NORESERVE | MAP_STACK, -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, MAP_SHARED_VALIDATE, file, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, MAP_SHARED_VALIDATE | (1 << 24), file, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, MAP_SHARED_VALIDATE | MAP_SYNC, file, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, MAP_SHARED | (1 << 24), file, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, PRIVATE | (1 << 24), -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, 0x800 | BOTH, PRIVATE, -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, PRIVATE | MAP_GROWSDOWN, -1, 0)));
        ASK(MOVED(mmap(NULL, PAGE, BOTH, SHARED | MAP_GROWSDOWN, -1, 0)));
        ASK(MOVED(mmap(NULL, 0x200000, BOTH, PRIVATE | MAP_HUGETLB, -1, 0)));
        a = mmap(NULL, 4 * PAGE, BOTH, PRIVATE | MAP_POPULATE, -1, 0);
        ASK(mprotect(a, PAGE, PROT_READ | PROT_GROWSDOWN));
        ASK(mprotect(a, PAGE, PROT_READ | PROT_GROWSUP));
        ASK(mprotect(a, PAGE, PROT_GROWSUP | PROT_GROWSDOWN));
        ASK(mprotect(a, PAGE, -1));
        getrlimit(RLIMIT_MEMLOCK, &old);
        none.rlim_max = old.rlim_max;
        setrlimit(RLIMIT_MEMLOCK, &none);
        ASK(mlock(a, 0));
        ASK(munlock(a, 0));
        ASK(mlock(a + 1, PAGE - 1));
        ASK(mlock(a, -1));
        ASK(mlock(a, (size_t)-1 - PAGE));
        setrlimit(RLIMIT_MEMLOCK, &old);
        ASK(mlockall(MCL_CURRENT));
        ASK(mlockall(MCL_FUTURE));
        ASK(munlockall());
        ASK(mincore(a, 0, NULL));
        ASK(mincore(a, (size_t)-1, NULL));
        ASK(mincore(a, 0x100000000000, (unsigned char *)a));
        ASK(munmap(a, (size_t)-PAGE));
        ASK(munmap(a, 4 * PAGE));
        ASK(munmap(a, 4 * PAGE));
        ASK(syscall(SYS_brk, 0) > 0);
}

int main(void)
{
        struct sigaction a = {.sa_handler = caught, .sa_flags = SA_NODEFER};

        setvbuf(stdout, NULL, _IOLBF, 0);
        sigaction(SIGSEGV, &a, NULL);
        sigaction(SIGBUS, &a, NULL);
        file = open("/tmp/ways_memory", O_RDWR | O_CREAT | O_TRUNC, 0600);
        if (file < 0) {
                perror("/tmp/ways_memory");
                return 1;
        }
        moves();
        moves_of_files();
        advices();
        advice_for_forks();
        advice_for_pages();
        maps();
        unlink("/tmp/ways_memory");
        return 0;
}
