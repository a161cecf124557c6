/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests for several transfers at once (io_submit and its kin): their results, and what is refused. */
#define _GNU_SOURCE
#include "requests.h"
#include "ask.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

enum { ROOM = 40, PAGE = 4096 };

static aio_context_t context;
static struct iocb blocks[ROOM], *list[ROOM];
static struct io_event found[ROOM];
static void *bad;
static volatile int rings;
static int file;
static char *text;

static long setup(unsigned room, aio_context_t *c)
{
        return syscall(SYS_io_setup, room, c);
}

static long submit(long count)
{
        return syscall(SYS_io_submit, context, count, list);
}

static long fetch(long least, long most, struct timespec *time)
{
        return syscall(SYS_io_getevents, context, least, most, found, time);
}

/* The request of that number. */
static struct iocb *request(int i, int what, int fd, void *at, size_t bytes, long offset)
{
        blocks[i] = (struct iocb){.aio_data = 100 + (unsigned)i,
                                  .aio_lio_opcode = (uint16_t)what,
                                  .aio_fildes = (unsigned)fd,
                                  .aio_buf = (uintptr_t)at,
                                  .aio_nbytes = bytes,
                                  .aio_offset = (uint64_t)offset};
        list[i] = &blocks[i];
        return &blocks[i];
}

static void show_found(long count)
{
        printf("found %ld\n", count);
        for (long i = 0; i < count; i++)
                printf("request %ld, of it %d: %lld\n", (long)found[i].data,
                       found[i].obj == (uintptr_t)&blocks[found[i].data - 100], (long long)found[i].res);
}

static void contexts(void)
{
        aio_context_t other = 5, none = 0;

        ASK(setup(1, bad));
        ASK(setup(1, NULL));
        ASK(setup(1, &other));
        ASK(setup(0, &none));
        ASK(setup(0xffffffff, &none));
        ASK(setup(0x7000000, &none));
        ASK(setup(ROOM, &context));
        ASK(setup(1, &none));
        ASK(none != context && none != 0);
        ASK(syscall(SYS_io_destroy, none));
        ASK(syscall(SYS_io_destroy, none));
        ASK(syscall(SYS_io_destroy, 0l));
        ASK(syscall(SYS_io_destroy, -1l));
        ASK(syscall(SYS_io_submit, none, 1l, list));
        ASK(syscall(SYS_io_getevents, none, 1l, 1l, found, NULL));
}

static void refusals(void)
{
        int only_read = open("file", O_RDONLY), only_write = open("file", O_WRONLY);

        request(0, IOCB_CMD_PREAD, file, text, 8, 0);
        ASK(submit(0));
        ASK(submit(-1));
        ASK(syscall(SYS_io_submit, context, 1l, NULL));
        ASK(syscall(SYS_io_submit, context, 1l, bad));
        list[0] = NULL;
        ASK(submit(1));
        list[0] = bad;
        ASK(submit(1));
        request(0, 77, file, text, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, -1, text, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, only_write, text, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PWRITE, only_read, text, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, file, text, (size_t)-1, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, file, text, 1, 0)->aio_reserved2 = 1;
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, file, text, 1, 0)->aio_flags = IOCB_FLAG_RESFD;
        blocks[0].aio_resfd = 900;
        ASK(submit(1));
        blocks[0].aio_resfd = (unsigned)file;
        ASK(submit(1));
        ASK(fetch(-1, 1, NULL));
        ASK(fetch(2, 1, NULL));
        ASK(fetch(0, 0, NULL));
        ASK(syscall(SYS_io_getevents, context, 0l, 1l, found, bad));
        ASK(syscall(SYS_io_cancel, context, NULL, found));
        ASK(syscall(SYS_io_cancel, context, bad, found));
        ASK(syscall(SYS_io_cancel, 0l, &blocks[0], found));
        ASK(syscall(SYS_io_cancel, context, &blocks[0], found));
        close(only_read);
        close(only_write);
}

static void transfers(void)
{
        struct iovec v[2] = {{text, 3}, {text + 10, 2}};
        struct timespec no = {0, 0}, short_time = {0, 20000000};
        int tells = eventfd(0, EFD_NONBLOCK), end[2];
        unsigned long told = 0;

        memcpy(text, "abcdefghijklmnop", 17);
        request(0, IOCB_CMD_PWRITE, file, text, 8, 0);
        request(1, IOCB_CMD_PWRITE, file, text + 8, 8, 100);
        request(2, IOCB_CMD_PWRITEV, file, v, 2, 8);
        request(3, IOCB_CMD_FSYNC, file, NULL, 0, 0);
        for (int i = 0; i < 4; i++) {
                blocks[i].aio_flags = IOCB_FLAG_RESFD;
                blocks[i].aio_resfd = (unsigned)tells;
        }
        ASK(submit(3));
        show_found(fetch(3, ROOM, NULL));
        ASK(read(tells, &told, 8));
        printf("told %lu\n", told);
        memset(text, 0, 64);
        request(0, IOCB_CMD_PREAD, file, text, 20, 0);
        request(1, IOCB_CMD_PREADV, file, v, 2, 100);
        request(2, IOCB_CMD_PREAD, file, text, 20, 5000);
        request(3, IOCB_CMD_PREAD, file, text, 0, 0);
        request(4, IOCB_CMD_PREAD, file, bad, 8, 0);
        request(5, 77, file, text, 8, 0);
        show_number("submitted", submit(6));
        show_found(fetch(2, 2, &no));
        show_found(fetch(0, ROOM, &no));
        printf("%.20s\n", text);
        show_found(fetch(0, ROOM, &no));
        show_found(fetch(1, ROOM, &short_time));
        if (pipe(end))
                puts("no pipe");
        request(0, IOCB_CMD_PWRITE, end[1], "through", 7, 0);
        request(1, IOCB_CMD_PREAD, end[0], text, 20, 0);
        ASK(submit(2));
        show_found(fetch(2, ROOM, NULL));
        printf("%.7s\n", text);
        ASK(submit(1));
        ASK(syscall(SYS_io_getevents, context, 1l, 1l, bad, NULL));
}

/* Many pages by one call, and contexts of a child: its own. */
static void many(void)
{
        char *pages = mmap(NULL, ROOM * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct timespec no = {0, 0};
        long bytes = 0, count;
        aio_context_t own = 0;
        int status;

        fetch(0, ROOM, &no);
        for (int i = 0; i < ROOM; i++) {
                memset(pages + i * PAGE, 'a' + i % 26, PAGE);
                request(i, IOCB_CMD_PWRITE, file, pages + i * PAGE, PAGE, (long)i * PAGE);
        }
        ASK(submit(ROOM));
        count = fetch(ROOM, ROOM, NULL);
        for (long i = 0; i < count; i++)
                bytes += found[i].res;
        printf("%ld results, %ld bytes\n", count, bytes);
        memset(pages, 0, ROOM * PAGE);
        for (int i = 0; i < ROOM; i++)
                request(i, IOCB_CMD_PREAD, file, pages + i * PAGE, PAGE, (long)i * PAGE);
        ASK(submit(ROOM));
        printf("%c%c%c\n", pages[0], pages[27 * PAGE + 9], pages[ROOM * PAGE - 1]);
        fflush(stdout);
        if (!fork()) {
                ASK(fetch(0, 1, &no));
                ASK(setup(5, &own));
                ASK(syscall(SYS_io_submit, own, 3l, list));
                fflush(stdout);
                _exit(0);
        }
        wait(&status);
        show_found(fetch(1, 1, NULL));
        ASK(syscall(SYS_io_destroy, context));
        ASK(fetch(0, 1, &no));
        for (int i = 0; i < 200; i++) {
                own = 0;
                if (setup(30, &own) || syscall(SYS_io_destroy, own))
                        puts("they run out");
        }
}

/* Fields that are wrong in one kind of request, and kinds of files. */
static void kinds(void)
{
        int end[2], pair[2], counter = eventfd(3, EFD_NONBLOCK), place = open(".", O_RDONLY);
        static struct iovec v[1025];
        struct timespec no = {0, 0};

        if (pipe(end) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
                puts("no pipe");
        request(0, IOCB_CMD_PREAD, file, text, 8, -1);
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, file, (void *)-4096l, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, file, text, 8, 0)->aio_rw_flags = 0x1000000;
        ASK(submit(1));
        request(0, IOCB_CMD_PREAD, place, text, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PWRITE, counter, text, 8, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREADV, file, bad, 2, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_PREADV, file, v, 1025, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_FSYNC, file, text, 0, 0);
        ASK(submit(1));
        request(0, IOCB_CMD_FSYNC, end[0], NULL, 0, 0);
        ASK(submit(1));
        for (unsigned i = 0; i < 5; i++) {
                static const uint16_t priority[] = {1, 2 << 13 | 7, 3 << 13, 4 << 13, 0};

                request(0, IOCB_CMD_PREAD, file, text, 8, 0)->aio_flags = IOCB_FLAG_IOPRIO;
                blocks[0].aio_reqprio = priority[i];
                ASK(submit(1));
                fetch(0, ROOM, &no);
        }
        request(0, IOCB_CMD_PREAD, counter, text, 8, 0);
        request(1, IOCB_CMD_PREAD, counter, text, 8, 0);
        request(2, IOCB_CMD_PREAD, counter, text, 7, 0);
        request(3, IOCB_CMD_PREAD, pair[0], text, 7, 1);
        request(4, IOCB_CMD_PWRITE, pair[0], "seven..", 7, 0);
        request(5, IOCB_CMD_PREAD, pair[1], text, 7, 0);
        request(6, IOCB_CMD_PREADV, file, v, 1024, 0);
        request(7, IOCB_CMD_PREADV, file, v, 0, 0);
        request(8, IOCB_CMD_PWRITE, file, "end", 3, 1)->aio_rw_flags = 16;
        request(9, IOCB_CMD_PREAD, end[0], text, 0, 0);
        show_number("submitted", submit(10));
        show_found(fetch(0, ROOM, &no));
        printf("%ld bytes\n", (long)lseek(file, 0, SEEK_END));
        for (int i = 0; i < 2; i++) {
                close(end[i]);
                close(pair[i]);
        }
        close(counter);
        close(place);
}

static void ring(int number)
{
        rings += number > 0;
}

static void handle(int flags)
{
        struct sigaction a = {.sa_handler = ring, .sa_flags = flags};

        sigaction(SIGALRM, &a, NULL);
}

/* A request that waits ends with a signal; those around it are done once. */
static void interrupted(int flags)
{
        struct timespec no = {0, 0};
        int pair[2], end[2];
        long bytes;

        if (pipe(end) || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
                puts("no pipe");
        handle(flags);
        request(0, IOCB_CMD_PWRITE, pair[0], "first", 5, 0);
        request(1, IOCB_CMD_PREAD, end[0], text, 20, 0);
        request(2, IOCB_CMD_PWRITE, pair[0], "second", 6, 0);
        request(3, IOCB_CMD_PREAD, pair[1], text, 20, 0);
        request(4, IOCB_CMD_PWRITE, end[1], calloc(100000, 1), 100000, 0);
        show_number("submitted", RUNG(submit(5)));
        show_found(fetch(0, ROOM, &no));
        while ((bytes = recv(pair[1], text, 20, MSG_DONTWAIT)) > 0)
                printf("message %.*s\n", (int)bytes, text);
        for (int i = 0; i < 2; i++) {
                close(end[i]);
                close(pair[i]);
        }
}

/* What was fetched before the signal is the answer. */
static void results(void)
{
        struct {
                sigset_t *mask;
                size_t bytes;
        } signals;
        sigset_t set, none;
        struct timespec no = {0, 0};

        request(0, IOCB_CMD_PREAD, file, text, 20, 0);
        ASK(submit(1));
        show_number("found", RUNG(fetch(2, ROOM, NULL)));
        show_number("found", RUNG(fetch(1, ROOM, NULL)));
        sigemptyset(&none);
        sigemptyset(&set);
        sigaddset(&set, SIGALRM);
        sigprocmask(SIG_BLOCK, &set, NULL);
        rings = 0;
        raise(SIGALRM);
        signals.mask = &none;
        signals.bytes = 8;
        ASK(submit(1));
        show_number("found", syscall(SYS_io_pgetevents, context, 2l, 9l, found, NULL, &signals));
        printf("rings %d\n", rings);
        raise(SIGALRM);
        show_number("found", syscall(SYS_io_pgetevents, context, 1l, 9l, found, NULL, &signals));
        printf("rings %d\n", rings);
        raise(SIGALRM);
        show_number("found", syscall(SYS_io_pgetevents, context, 0l, 9l, found, &no, NULL));
        ASK(syscall(SYS_io_pgetevents, context, 0l, 9l, found, &no, bad));
        signals.bytes = 4;
        ASK(syscall(SYS_io_pgetevents, context, 0l, 9l, found, &no, &signals));
        signals.mask = NULL;
        ASK(syscall(SYS_io_pgetevents, context, 0l, 9l, found, &no, &signals));
        signals.mask = bad;
        signals.bytes = 8;
        ASK(syscall(SYS_io_pgetevents, context, 0l, 9l, found, &no, &signals));
        ASK(syscall(SYS_io_pgetevents, context, -1l, 9l, found, &no, NULL));
        printf("rings %d\n", rings);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
        printf("rings %d\n", rings);
        no.tv_sec = -5; /* for ever */
        show_number("found", RUNG(fetch(1, 9, &no)));
        no = (struct timespec){0, -7};
        show_number("found", RUNG(fetch(1, 9, &no)));
        no = (struct timespec){-1, 1000000000};
        show_number("found", fetch(1, 9, &no));
        no = (struct timespec){-1, 1001000000};
        show_number("found", fetch(1, 9, &no));
}

/* As many as there is room for, and not one less than was asked for. */
static void full(void)
{
        struct timespec no = {0, 0};
        long count = 0, one;

        request(0, IOCB_CMD_PREAD, file, text, 1, 0);
        while ((one = submit(1)) == 1)
                count++;
        show_number("full", one);
        printf("room %d\n", count >= ROOM && count < 4 * ROOM);
        while ((one = fetch(0, 7, &no)) > 0)
                count -= one;
        printf("%ld left\n", count);
        ASK(submit(1));
        fetch(1, 1, NULL);
}

static void *waits(void *none)
{
        ASK(fetch(1, 1, none));
        return NULL;
}

/* The page of a context may go, and the context while somebody waits for its results. */
static void gone(void)
{
        aio_context_t other = 0;
        pthread_t thread;
        long destroyed;

        ASK(setup(1, &other));
        ASK(munmap((void *)other, PAGE));
        ASK(syscall(SYS_io_getevents, other, 0l, 1l, found, NULL));
        context = 0;
        ASK(setup(ROOM, &context));
        pthread_create(&thread, NULL, waits, NULL);
        usleep(50000);
        destroyed = syscall(SYS_io_destroy, context);
        pthread_join(thread, NULL);
        printf("destroyed: %ld\n", destroyed);
}

static int reads(void *end)
{
        struct iocb one = {.aio_fildes = *(int *)end, .aio_buf = (long)text, .aio_nbytes = 20}, *f = &one;

        return (int)syscall(SYS_io_submit, context, 1l, &f);
}

/* Somebody who shares the memory is killed in a request that waits: nobody waits for its result for ever. */
static void killed(void)
{
        static char stack[65536];
        int end[2], child, status = 0;

        if (pipe(end))
                puts("no pipe");
        context = 0;
        ASK(setup(ROOM, &context));
        child = clone(reads, stack + sizeof(stack), CLONE_VM | SIGCHLD, end);
        usleep(50000);
        kill(child, SIGKILL);
        show_number("of the child", waitpid(child, &status, 0) == child ? status : -1);
        show_number("destroyed", syscall(SYS_io_destroy, context));
}

/* Programs that end, and those that run another program, leave nothing. */
static void again(char *self)
{
        char number[24];
        int status;

        for (int i = 0; i < 24; i++) {
                aio_context_t own = 0;

                if (!fork()) {
                        if (setup(400, &own) || (context = own, list[0] = blocks, submit(1)) != 1)
                                _exit(1);
                        snprintf(number, sizeof(number), "%lu", own);
                        if (i % 6 == 0)
                                execl(self, self, "look", number, NULL);
                        _exit(0);
                }
                wait(&status);
                if (status)
                        printf("%d: status %x\n", i, status);
        }
}

/* Takes so many contexts for one request, then so many for 512, as it may have; with `stays` until it is ended (tests/posix/run). */
static int take(int most, int stays)
{
        static aio_context_t taken[64];
        int small = 0, large = 0;

        while (small < most && !setup(1, &taken[small]))
                small++;
        for (int i = 0; i < small; i++)
                syscall(SYS_io_destroy, taken[i]);
        memset(taken, 0, sizeof(taken));
        while (large < most && !setup(512, &taken[large]))
                large++;
        printf("%d contexts, %d of 512\n", small, large);
        fflush(stdout);
        return stays ? pause() : 0;
}

int main(int count, char **word)
{
        if (count > 1 && !strcmp(word[1], "take"))
                return take(count > 2 ? 64 : 1, count > 2);
        if (count > 2 && !strcmp(word[1], "look")) {
                context = strtoul(word[2], NULL, 0);
                return !(fetch(0, 1, NULL) == -1 && errno == EINVAL && submit(1) == -1 && errno == EINVAL);
        }
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/requests", 0755);
        if (chdir("/tmp/requests"))
                puts("no place");
        bad = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        text = malloc(100);
        file = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
        contexts();
        refusals();
        transfers();
        kinds();
        interrupted(0);
        interrupted(SA_RESTART);
        results();
        full();
        many();
        gone();
        killed();
        fflush(stdout);
        again(word[count - 2]);
        return 0;
}
