/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that C libraries do not pass on yet: waiting for several words, advice for another process, numbers for files. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WAITV = 449, PROCESS_MADVISE = 440, MRELEASE = 448, PIDFD_OPEN = 434, WORDS = 128, PAGE = 4096 };
enum { WORD_32 = 2, OWN = 128, FUTEX_WAKE_ = 1, REQUEUE = 3 };

struct word {
        uint64_t value, address;
        uint32_t flags, reserved;
};

static uint32_t words[WORDS + 1];
static struct word list[WORDS + 1];
static uint32_t *together;

static void fill(void)
{
        for (int i = 0; i <= WORDS; i++) {
                words[i] = (uint32_t)i;
                list[i] = (struct word){(uint64_t)i, (uintptr_t)&words[i], WORD_32 | OWN, 0};
        }
}

static long waitv(unsigned count, unsigned flags, const struct timespec *until, int clock)
{
        return syscall(WAITV, list, count, flags, until, clock);
}

static void refused(void)
{
        struct timespec past = {1, 0}, wrong = {1, -1};

        ASK(waitv(0, 0, NULL, 0));
        ASK(waitv(WORDS + 1, 0, NULL, 0));
        ASK(waitv(1, 1, NULL, 0));
        ASK(syscall(WAITV, NULL, 1, 0, NULL, 0));
        ASK(waitv(1, 0, &past, 7));
        ASK(waitv(1, 0, &wrong, CLOCK_MONOTONIC));
        ASK(waitv(1, 0, (void *)8, CLOCK_MONOTONIC));
        ASK(waitv(WORDS, 0, &past, CLOCK_MONOTONIC));
        ASK(waitv(WORDS, 0, &past, CLOCK_REALTIME));
        list[1].flags = OWN;
        ASK(waitv(2, 0, &past, CLOCK_REALTIME));
        list[1].flags = WORD_32 | 0x100;
        ASK(waitv(2, 0, &past, CLOCK_REALTIME));
        fill();
        list[1].reserved = 1;
        ASK(waitv(2, 0, &past, CLOCK_REALTIME));
        fill();
        list[1].address = 8;
        ASK(waitv(2, 0, &past, CLOCK_REALTIME));
        list[1].address = (uintptr_t)&words[1] + 1;
        ASK(waitv(2, 0, &past, CLOCK_REALTIME));
        fill();
        words[77]++;
        ASK(waitv(WORDS, 0, &past, CLOCK_REALTIME));
        fill();
}

static void *wake(void *which)
{
        long n = 0;

        while (n == 0) {
                usleep(1000);
                n = syscall(SYS_futex, (uint32_t *)which, FUTEX_WAKE_ | OWN, 1, NULL, NULL, 0);
        }
        return (void *)n;
}

static void *move_and_wake(void *unused)
{
        long n = 0;

        (void)unused;
        while (n == 0) {
                usleep(1000);
                n = syscall(SYS_futex, &words[3], REQUEUE | OWN, 0, 1, &words[WORDS], 0);
        }
        printf("moved: %ld\n", n);
        printf("nobody is where it was: %ld\n",
               syscall(SYS_futex, &words[3], FUTEX_WAKE_ | OWN, 9, NULL, NULL, 0));
        printf("it is there: %ld\n", syscall(SYS_futex, &words[WORDS], FUTEX_WAKE_ | OWN, 9, NULL, NULL, 0));
        return NULL;
}

static void one_wakes(unsigned count, unsigned which)
{
        pthread_t t;
        long seen;
        void *woken;

        pthread_create(&t, NULL, wake, &words[which]);
        seen = waitv(count, 0, NULL, 0);
        pthread_join(t, &woken);
        printf("word %u of %u: %ld, woken %ld\n", which, count, seen, (long)woken);
}

static void woken(void)
{
        pthread_t t;
        long seen;

        one_wakes(1, 0);
        one_wakes(WORDS, 0);
        one_wakes(WORDS, WORDS - 1);
        one_wakes(WORDS, 55);
        pthread_create(&t, NULL, move_and_wake, NULL);
        seen = waitv(9, 0, NULL, 0);
        pthread_join(t, NULL);
        printf("after it was moved: %ld\n", seen);
}

static void nothing(int signal)
{
        (void)signal;
}

/* A word in memory of two processes; a signal; a time. */
static void others(void)
{
        struct sigaction act = {.sa_handler = nothing};
        struct timespec soon;
        int status;

        list[0] = (struct word){0, (uintptr_t)together, WORD_32, 0};
        fflush(stdout);
        if (fork() == 0) {
                while (syscall(SYS_futex, together, FUTEX_WAKE_, 1, NULL, NULL, 0) == 0)
                        usleep(1000);
                _exit(0);
        }
        printf("from another process: %ld\n", waitv(3, 0, NULL, 0));
        wait(&status);
        sigaction(SIGALRM, &act, NULL);
        ASK(RUNG(waitv(3, 0, NULL, 0)));
        clock_gettime(CLOCK_MONOTONIC, &soon);
        soon.tv_nsec += 20000000;
        if (soon.tv_nsec >= 1000000000) {
                soon.tv_nsec -= 1000000000;
                soon.tv_sec++;
        }
        ASK(waitv(3, 0, &soon, CLOCK_MONOTONIC));
        printf("nobody waits any more: %ld\n", syscall(SYS_futex, together, FUTEX_WAKE_, 1, NULL, NULL, 0));
}

static void advice(void)
{
        char *memory = mmap(NULL, 4l * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct iovec v[2] = {{memory, PAGE}, {memory + 2l * PAGE, PAGE}};
        int me = (int)syscall(PIDFD_OPEN, getpid(), 0), child = fork();

        if (child == 0) {
                pause();
                _exit(0);
        }
        memory[0] = 'm';
        printf("cold: %ld\n", syscall(PROCESS_MADVISE, me, v, 2, 20, 0));
        printf("needed: %ld, still %c\n", syscall(PROCESS_MADVISE, me, v, 1, MADV_WILLNEED, 0), memory[0]);
        ASK(syscall(PROCESS_MADVISE, me, v, 1, MADV_WILLNEED, 1));
        ASK(syscall(PROCESS_MADVISE, -1, v, 1, MADV_WILLNEED, 0));
        ASK(syscall(PROCESS_MADVISE, 0, v, 1, MADV_WILLNEED, 0));
        ASK(syscall(PROCESS_MADVISE, me, v, 1025, MADV_WILLNEED, 0));
        ASK(syscall(PROCESS_MADVISE, me, (void *)8, 1, MADV_WILLNEED, 0));
        v[0].iov_base = memory + 1;
        ASK(syscall(PROCESS_MADVISE, me, v, 1, 20, 0));
        ASK(syscall(MRELEASE, -1, 0));
        ASK(syscall(MRELEASE, me, 1));
        ASK(syscall(MRELEASE, me, 0));
        kill(child, SIGKILL);
        wait(NULL);
}

struct number {
        uint32_t bytes;
        int32_t type;
        unsigned char name[128];
};

static long number_of(const char *path, struct number *n, int flags)
{
        int mount;

        memset(n, 0, sizeof(*n));
        n->bytes = sizeof(n->name);
        return syscall(SYS_name_to_handle_at, AT_FDCWD, path, n, &mount, flags);
}

static int same(const struct number *a, const struct number *b)
{
        return a->type == b->type && a->bytes == b->bytes && !memcmp(a->name, b->name, a->bytes);
}

static void numbers(void)
{
        struct number a, b;
        int mount;

        mkdir("/tmp/newer", 0755);
        chdir("/tmp/newer");
        close(open("one", O_CREAT | O_WRONLY, 0644));
        close(open("two", O_CREAT | O_WRONLY, 0644));
        link("one", "also");
        symlink("one", "link");
        ASK(number_of("one", &a, 0));
        ASK(number_of("also", &b, 0));
        printf("two names: %d\n", same(&a, &b));
        ASK(number_of("two", &b, 0));
        printf("two files: %d\n", same(&a, &b));
        ASK(number_of("link", &b, 0));
        printf("a link: %d\n", same(&a, &b));
        ASK(number_of("link", &b, AT_SYMLINK_FOLLOW));
        printf("what it means: %d\n", same(&a, &b));
        ASK(number_of("", &b, 0));
        ASK(number_of("", &b, AT_EMPTY_PATH));
        ASK(number_of("missing", &b, 0));
        ASK(number_of("one", &b, 0x8000));
        b.bytes = 0;
        ASK(syscall(SYS_name_to_handle_at, AT_FDCWD, "one", &b, &mount, 0));
        printf("now it says how many: %d\n", b.bytes > 0 && b.bytes <= 128);
        b.bytes = 129;
        ASK(syscall(SYS_name_to_handle_at, AT_FDCWD, "one", &b, &mount, 0));
        ASK(syscall(SYS_name_to_handle_at, AT_FDCWD, "one", 8, &mount, 0));
        ASK(syscall(SYS_name_to_handle_at, 900, "one", &b, &mount, 0));
        b.bytes = 128;
        ASK(syscall(SYS_name_to_handle_at, AT_FDCWD, "one", &b, 8, 0));
        unlink("two");
        close(open("three", O_CREAT | O_WRONLY, 0644));
        number_of("three", &a, 0);
        unlink("three");
        close(open("four", O_CREAT | O_WRONLY, 0644));
        number_of("four", &b, 0);
        printf("a file of later: %d\n", same(&a, &b));
}

int main(void)
{
        together = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        fill();
        refused();
        woken();
        others();
        advice();
        numbers();
        return 0;
}
