/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are mapped: what one process writes, others see, with read and in their mappings; the end of a file; holes. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };
#define RW (PROT_READ | PROT_WRITE)

static sigjmp_buf back;
static char buffer[3 * PAGE];

static void on_signal(int signal)
{
        siglongjmp(back, signal);
}

/* Which signal a touch gets; 0: none. */
static int touch(volatile char *at, int write)
{
        int signal = sigsetjmp(back, 1);

        if (signal)
                return signal;
        if (write)
                *at = 1;
        else
                (void)*at;
        return 0;
}

static int made(const char *path, size_t size)
{
        int f = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

        for (size_t i = 0; i < size; i++)
                buffer[i] = (char)('a' + i % 26);
        if (write(f, buffer, size) != (ssize_t)size)
                puts("write fails");
        return f;
}

static char *map(int f, size_t size, int rights, int flags, off_t at)
{
        char *m = mmap(NULL, size, rights, flags, f, at);

        if (m == MAP_FAILED)
                printf("mmap: %s\n", strerror(errno));
        return m;
}

static void common(void)
{
        int f = made("f", 2 * PAGE), status;
        char *a = map(f, 2 * PAGE, RW, MAP_SHARED, 0), *b = map(f, PAGE, RW, MAP_SHARED, PAGE),
             *own = map(f, 2 * PAGE, RW, MAP_PRIVATE, 0);

        puts("-- common");
        TRY(a[0] == 'a' && a[25] == 'z');
        a[0] = '1';
        b[1] = '2';
        TRY(pread(f, buffer, 2, 0) == 2 && buffer[0] == '1');
        TRY(a[PAGE + 1] == '2');
        TRY(pwrite(f, "345", 3, PAGE + 10));
        TRY(memcmp(b + 10, "345", 3) == 0);
        own[5] = 'X';
        TRY(a[5]);
        a[6] = 'Y';
        TRY(own[5] == 'X');
        close(f);
        fflush(stdout);
        if (fork() == 0) {
                a[100] = 'c';
                own[101] = 'c';
                _exit(b[10] != '3');
        }
        wait(&status);
        TRY(status);
        TRY(a[100]);
        TRY(own[101] == 'c');
        TRY(msync(a, 2 * PAGE, MS_SYNC));
        TRY(munmap(a, 2 * PAGE));
        TRY(b[10]);
        TRY(unlink("f"));
        b[11] = 'u';
        TRY(b[11]);
        TRY(munmap(b, PAGE));
        f = open("f", O_RDWR | O_CREAT, 0644);
        TRY(ftruncate(f, 3 * PAGE));
        a = map(f, 3 * PAGE, RW, MAP_SHARED, 0);
        a[2 * PAGE + 7] = 'w';
        TRY(munmap(a, 3 * PAGE));
        TRY(pread(f, buffer, 1, 2 * PAGE + 7) == 1 && buffer[0] == 'w');
        TRY(lseek(f, 0, SEEK_DATA) >= 0);
        close(f);
}

static void anonymous(void)
{
        char *a = mmap(NULL, 40 << 20, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *b;
        int status;

        puts("-- anonymous");
        TRY(a != MAP_FAILED);
        fflush(stdout);
        if (fork() == 0) {
                a[0] = 1;
                a[(40 << 20) - 1] = 2;
                _exit(0);
        }
        wait(&status);
        TRY(a[0] + a[(40 << 20) - 1]);
        b = mremap(a, 40 << 20, PAGE, 0);
        TRY(b == a);
        TRY(a[0]);
        TRY(munmap(a, PAGE));
        a = mmap(NULL, 8 << 20, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memset(a, 5, 8 << 20);
        TRY(mremap(a, 8 << 20, PAGE, 0) == a);
        TRY(a[0] + a[PAGE - 1]);
        TRY(munmap(a, PAGE));
        a = map(open("/dev/zero", O_RDWR), PAGE, RW, MAP_SHARED, 0);
        b = map(open("/dev/zero", O_RDONLY), PAGE, RW, MAP_PRIVATE, 0);
        TRY(a[0] + b[0]);
        a[0] = b[0] = 3;
        TRY(a[0] + b[0]);
}

static void ends(void)
{
        static const int sizes[] = {0, 1, PAGE - 1, PAGE, PAGE + 1};

        puts("-- ends");
        for (unsigned shared = 0; shared < 2; shared++) {
                for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
                        int f = made("e", (size_t)sizes[i]);
                        char *m = map(f, 3 * PAGE, RW, shared ? MAP_SHARED : MAP_PRIVATE, 0);
                        int read[3], last;

                        for (int page = 0; page < 3; page++)
                                read[page] = touch(m + page * PAGE, 0);
                        last = touch(m + PAGE, 1);
                        printf("size %d: %d %d %d, write %d\n", sizes[i], read[0], read[1], read[2], last);
                        ftruncate(f, 2 * PAGE + 5);
                        printf("  longer: %d %d %d\n", touch(m, 0), touch(m + PAGE, 0),
                               touch(m + 2 * PAGE, 0));
                        if (shared) {
                                m[10] = m[PAGE + 10] = 'x';
                                ftruncate(f, 8);
                                printf("  shorter: %d %d %d\n", touch(m, 0), touch(m + PAGE, 0),
                                       touch(m + 2 * PAGE, 1));
                                ftruncate(f, 2 * PAGE);
                                printf("  and longer: %d %d\n", m[10], m[PAGE + 10]);
                        }
                        munmap(m, 3 * PAGE);
                        close(f);
                }
        }
}

static void refused(void)
{
        int f = made("r", PAGE), in = open("r", O_RDONLY), out = open("r", O_WRONLY), d = open(".", O_RDONLY),
            p[2];
        char *m;

        puts("-- refused");
        pipe(p);
        TRY(mmap(NULL, PAGE, RW, MAP_SHARED, in, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, out, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, RW, MAP_PRIVATE, in, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, d, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, p[0], 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 77, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, f, 5) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, PAGE, PROT_READ, 0, f, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap(NULL, 0, PROT_READ, MAP_PRIVATE, f, 0) == MAP_FAILED ? -1 : 0);
        TRY(mmap((void *)PAGE + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, f, 0) == MAP_FAILED ? -1 : 0);
        m = map(in, PAGE, PROT_READ, MAP_SHARED, 0);
        TRY(touch(m, 1));
        TRY(mprotect(m, PAGE, RW));
        TRY(mprotect(m, PAGE, PROT_NONE));
        TRY(touch(m, 0));
        TRY(mprotect(m, PAGE, PROT_READ));
        TRY(touch(m, 0));
        TRY(msync(m + 1, PAGE, MS_SYNC));
        TRY(msync(m, PAGE, MS_SYNC | MS_ASYNC));
        TRY(msync(m, PAGE, 64));
        TRY(msync(m, PAGE, MS_ASYNC));
        TRY(munmap(m, PAGE));
        TRY(msync(m, PAGE, MS_SYNC));
        TRY(mmap(m, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == m);
}

static void sparse(void)
{
        static const off_t far = (off_t)3 << 30;
        int f = open("s", O_RDWR | O_CREAT, 0644);
        struct stat s;
        char *m;

        puts("-- sparse");
        TRY(pwrite(f, "far", 3, far));
        fstat(f, &s);
        TRY(s.st_size);
        TRY(s.st_blocks < 100);
        TRY(pread(f, buffer, 10, far - 5));
        TRY(buffer[0] == 0 && buffer[5] == 'f');
        TRY(lseek(f, 0, SEEK_DATA));
        TRY(lseek(f, far, SEEK_HOLE));
        TRY(lseek(f, 0, SEEK_HOLE));
        TRY(lseek(f, far + 3, SEEK_DATA));
        TRY(lseek(f, -1, SEEK_SET));
        TRY(lseek(f, 5, 9));
        m = map(f, PAGE, RW, MAP_SHARED, far);
        TRY(m[2]);
        m[3] = '!';
        TRY(ftruncate(f, far + 4));
        TRY(pread(f, buffer, 10, far));
        TRY(touch(m, 0));
        TRY(ftruncate(f, 100));
        TRY(touch(m, 0));
        TRY(ftruncate(f, far + 10));
        TRY(touch(m, 0));
        TRY(m[0] + m[3]);
        TRY(ftruncate(f, -1));
        close(f);
        TRY(unlink("s"));
}

/* A function of two instructions that returns a number; the architecture's words, since nothing else runs everywhere. */
static void put_function(int file, unsigned number)
{
        unsigned code[2] = {0x52800000u | number << 5, 0xd65f03c0u}; /* mov w0, #number; ret */

        pwrite(file, code, sizeof(code), 0);
}

static int call(int file, int sharing)
{
        int (*function)(void) = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, sharing, file, 0);
        int result;

#ifdef __aarch64__
        result = function();
#else
        result = (int)(*(unsigned *)function >> 5 & 0xff);
#endif
        munmap(function, PAGE);
        return result;
}

/* Code from a file that changes in every way: who maps it next runs what is there now, and a private change stays private. */
static void code(void)
{
        int file = open("code", O_RDWR | O_CREAT | O_TRUNC, 0755), status;
        unsigned *common, *own;

        puts("-- code");
        ftruncate(file, 2 * PAGE);
        put_function(file, 1);
        printf("%d %d\n", call(file, MAP_PRIVATE), call(file, MAP_PRIVATE));
        put_function(file, 2);
        printf("%d %d\n", call(file, MAP_PRIVATE), call(file, MAP_SHARED));
        common = mmap(NULL, PAGE, RW, MAP_SHARED, file, 0);
        common[0] = 0x52800000u | 3 << 5;
        printf("%d\n", call(file, MAP_PRIVATE));
        common[0] = 0x52800000u | 4 << 5;
        printf("%d\n", call(file, MAP_PRIVATE));
        munmap(common, PAGE);
        printf("%d\n", call(file, MAP_PRIVATE));
        own = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
        printf("as it was %x\n", own[0]);
        mprotect(own, 2 * PAGE, RW);
        fflush(stdout);
        if (!fork()) {
                own[0] = 0x52800000u | 6 << 5;
                printf("the child's %x\n", own[0]);
                fflush(stdout);
                _exit(0);
        }
        wait(&status);
        printf("the parent's %x, the file's %d\n", own[0], call(file, MAP_PRIVATE));
        own[0] = 0x52800000u | 5 << 5;
        printf("changed %x, the file's %d\n", own[0], call(file, MAP_PRIVATE));
        put_function(file, 7);
        printf("still %x, the file's %d\n", own[0], call(file, MAP_PRIVATE));
        unlink("code");
        close(file);
        printf("without a name %x\n", own[0]);
        munmap(own, 2 * PAGE);
}

/* Mapping a file is looking at it; and what may only be written is locked, too. */
static void looked_at(void)
{
        int file = open("seen", O_CREAT | O_RDWR, 0600);
        struct timespec old[2] = {{1000, 0}, {2000, 0}};
        struct stat s;
        char *own;

        if (file < 0 || ftruncate(file, PAGE) || futimens(file, old))
                puts("not made");
        own = mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, file, 0);
        fstat(file, &s);
        printf("looked at: %d\n", s.st_atim.tv_sec != 1000);
        printf("all locked: %d\n", mlockall(MCL_CURRENT));
        errno = 0;
        printf("not thrown away: %d", msync(own, PAGE, MS_SYNC | MS_INVALIDATE));
        printf(", error %d\n", errno);
        munlockall();
        munmap(own, PAGE);
        unlink("seen");
        close(file);
}

int main(void)
{
        struct sigaction action = {.sa_handler = on_signal};
        char place[] = "/tmp/mapped.XXXXXX";

        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGBUS, &action, NULL);
        if (!mkdtemp(place) || chdir(place))
                return 1;
        common();
        anonymous();
        ends();
        refused();
        sparse();
        code();
        looked_at();
        return 0;
}
