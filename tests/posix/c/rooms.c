/* SPDX-License-Identifier: BSD-2-Clause */
/* The room of a pipe, which its users change: what is in it stays, whole and in order. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE = 4096, KIB = 1024, MIB = 1024 * 1024 };

static int end[2];
static unsigned char buffer[2 * MIB];
static unsigned written, taken; /* each byte says which one it is */

static void put(size_t size)
{
        ssize_t n;

        for (size_t i = 0; i < size; i++)
                buffer[i] = (unsigned char)((written + i) * 7 % 251);
        n = write(end[1], buffer, size);
        printf("put %zu: %zd\n", size, n);
        written += n > 0 ? (unsigned)n : 0;
}

static void get(size_t size)
{
        ssize_t n = read(end[0], buffer, size);
        size_t wrong = 0;

        for (ssize_t i = 0; i < n; i++)
                wrong += buffer[i] != (unsigned char)((taken + (unsigned)i) * 7 % 251);
        printf("got %zu: %zd, %zu wrong\n", size, n, wrong);
        taken += n > 0 ? (unsigned)n : 0;
}

static void resize(long size)
{
        long room;

        errno = 0;
        room = fcntl(end[1], F_SETPIPE_SZ, size);
        printf("room for %ld: %ld, error %d\n", size, room, errno);
}

static void open_pipe(void)
{
        pipe2(end, O_NONBLOCK);
        written = taken = 0;
        printf("it begins with %d\n", fcntl(end[0], F_GETPIPE_SZ));
}

static void close_pipe(void)
{
        close(end[0]);
        close(end[1]);
}

static void sizes(void)
{
        static const long size[] = {0, 1, PAGE, PAGE + 1, 65536, 65537, 3l * 65536, MIB, PAGE};

        open_pipe();
        for (unsigned i = 0; i < sizeof(size) / sizeof(*size); i++)
                resize(size[i]);
        ASK(fcntl(end[1], F_SETPIPE_SZ, 0xffffffffl));
        ASK(fcntl(open("/dev/null", O_RDONLY), F_SETPIPE_SZ, PAGE));
        ASK(fcntl(open("/dev/null", O_RDONLY), F_GETPIPE_SZ));
        ASK(fcntl(-1, F_GETPIPE_SZ));
        close_pipe();
}

/* A full one becomes larger and smaller, with its content across the end of the ring. */
static void content(void)
{
        open_pipe();
        put(2 * MIB);
        resize(PAGE);
        get((size_t)3 * PAGE);
        put((size_t)3 * PAGE);
        resize(128l * KIB);
        put(2 * MIB);
        get(100000);
        resize(32l * KIB);
        get(28 * KIB + 1000);
        resize(PAGE);
        get(2 * MIB);
        resize(PAGE);
        put(2 * MIB);
        put(1);
        resize(MIB);
        put(2 * MIB);
        get(1000);
        get(MIB);
        get(1);
        close_pipe();
}

static void ready(void)
{
        struct pollfd p = {.events = POLLOUT};

        open_pipe();
        p.fd = end[1];
        resize(PAGE);
        put(PAGE);
        printf("full: %d\n", poll(&p, 1, 0));
        resize(2l * PAGE);
        printf("larger: %d\n", poll(&p, 1, 0));
        close_pipe();
}

/* Somebody waits for room, and another one makes it. */
static void woken(void)
{
        int status;

        pipe(end);
        fcntl(end[1], F_SETPIPE_SZ, PAGE);
        printf("fills it: %zd\n", write(end[1], buffer, PAGE));
        fflush(stdout);
        if (fork() == 0)
                _exit(write(end[1], buffer, PAGE) != PAGE);
        usleep(100000);
        printf("makes room: %d\n", fcntl(end[0], F_SETPIPE_SZ, 2 * PAGE));
        wait(&status);
        show_end("it went on", status);
        close_pipe();
}

/* Many large ones: each gives back what it had. */
static void many(void)
{
        unsigned bad = 0;

        for (int i = 0; i < 40; i++) {
                pipe2(end, O_NONBLOCK);
                bad += fcntl(end[0], F_SETPIPE_SZ, MIB) != MIB;
                bad += write(end[1], buffer, 2 * MIB) != MIB;
                close_pipe();
        }
        printf("of 40 large ones %u are wrong\n", bad);
}

int main(void)
{
        sizes();
        content();
        ready();
        woken();
        many();
        return 0;
}
