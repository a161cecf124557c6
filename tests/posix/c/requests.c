/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests for several transfers at once (io_submit and its kin): their results, and what is refused. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

enum { ROOM = 40, PAGE = 4096 };

typedef unsigned long aio_context_t;
enum {
        IOCB_CMD_PREAD,
        IOCB_CMD_PWRITE,
        IOCB_CMD_FSYNC,
        IOCB_CMD_PREADV = 7,
        IOCB_CMD_PWRITEV,
        IOCB_FLAG_RESFD = 1
};

struct iocb {
        uint64_t aio_data;
        uint32_t aio_key, aio_rw_flags;
        uint16_t aio_lio_opcode, aio_reqprio;
        uint32_t aio_fildes;
        uint64_t aio_buf, aio_nbytes, aio_offset, aio_reserved2;
        uint32_t aio_flags, aio_resfd;
};

struct io_event {
        uint64_t data, obj;
        int64_t res, res2;
};

static aio_context_t context;
static struct iocb blocks[ROOM], *list[ROOM];
static struct io_event found[ROOM];
static void *bad;
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

int main(void)
{
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
        many();
        return 0;
}
