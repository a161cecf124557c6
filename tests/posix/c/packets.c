/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes whose writes are packets (pipe2 with O_DIRECT): each read gives one, and what does not fit is lost. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>

static int end[2];
static char all[70000];

/* How much a read gives, and its first and last byte. */
static void get(const char *what, size_t most)
{
        long n = read(end[0], all, most);

        if (n < 0)
                printf("%s: error %d\n", what, errno);
        else if (n == 0)
                printf("%s: end\n", what);
        else
                printf("%s: %ld, %c to %c\n", what, n, all[0], all[n - 1]);
}

static void can(const char *what)
{
        struct pollfd p[2] = {{end[0], POLLIN, 0}, {end[1], POLLOUT, 0}};
        int there = -1;

        poll(p, 2, 0);
        ioctl(end[0], FIONREAD, &there);
        printf("%s: read %x, write %x, %d bytes\n", what, (unsigned)p[0].revents, (unsigned)p[1].revents,
               there);
}

static void borders(void)
{
        ASK(pipe2(end, O_DIRECT | 0x40000000));
        ASK(pipe2(end, O_DIRECT | O_CLOEXEC));
        printf("%d %d\n", fcntl(end[0], F_GETFL) & O_DIRECT, (fcntl(end[1], F_GETFL) & O_DIRECT) == O_DIRECT);
        TRY(write(end[1], "abc", 3));
        TRY(write(end[1], "", 0));
        TRY(write(end[1], "defg", 4));
        TRY(write(end[1], "hi", 2));
        can("three");
        get("the first", 10);
        get("a part", 2);
        can("the rest is lost");
        get("none of it", 0);
        get("the last", 10);
        memset(all, 'k', 4096);
        memset(all + 4096, 'l', 904);
        TRY(write(end[1], all, 5000));
        get("a page", sizeof(all));
        get("the rest", sizeof(all));
        TRY(write(end[1], all, 5000));
        get("of a page", 10);
        get("the rest", sizeof(all));
}

static void room(void)
{
        int count = 0;

        fcntl(end[0], F_SETFL, O_NONBLOCK);
        fcntl(end[1], F_SETFL, O_NONBLOCK | O_DIRECT);
        get("nothing", 10);
        while (write(end[1], "p", 1) == 1)
                count++;
        printf("%d of one byte, error %d\n", count, errno);
        can("full");
        get("one", 10);
        can("room for one");
        TRY(write(end[1], "qr", 2));
        for (int i = 0; i < count; i++)
                get("one of them", 10);
        TRY(write(end[1], all, sizeof(all)));
        can("as much as there is room for");
        for (int i = 0; i < 16; i++)
                get("a page", sizeof(all));
        fcntl(end[0], F_SETFL, 0);
        fcntl(end[1], F_SETFL, 0);
        TRY(write(end[1], "st", 2));
        TRY(write(end[1], "uv", 2));
        get("plain bytes", 10);
        fcntl(end[1], F_SETFL, O_DIRECT);
        TRY(write(end[1], "wx", 2));
        TRY(write(end[1], "yz", 2));
        get("packets again", 10);
        get("packets again", 10);
}

static void pieces(void)
{
        void *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        char a[2], b[3];
        struct iovec out[3] = {{"abc", 3}, {NULL, 0}, {"de", 2}}, in[3] = {{a, 2}, {NULL, 0}, {b, 3}};

        TRY(writev(end[1], out, 3));
        TRY(writev(end[1], out, 3));
        TRY(readv(end[0], in, 3));
        printf("%.2s %.3s\n", a, b);
        TRY(readv(end[0], in, 2));
        printf("%.2s\n", a);
        can("empty");
        ASK(write(end[1], bad, 5));
        TRY(write(end[1], "fgh", 3));
        ASK(read(end[0], bad, 5));
        get("still there", 10);
        out[1].iov_len = (size_t)-1;
        ASK(writev(end[1], out, 3));
}

static void heard(int signal)
{
        (void)signal;
}

/* What waits for room goes on, and ends with what was moved. */
static void waits(void)
{
        struct sigaction a = {.sa_handler = heard};

        fflush(stdout);
        if (!fork()) {
                long n = write(end[1], all, sizeof(all));

                _exit(n == (long)sizeof(all));
        }
        for (int i = 0; i < 18; i++)
                get("waited for", sizeof(all));
        wait(NULL);
        sigaction(SIGALRM, &a, NULL);
        show_number("a signal", RUNG(write(end[1], all, sizeof(all))));
        show_number("a signal", RUNG(write(end[1], all, 1)));
        for (int i = 0; i < 16; i++)
                get("a page", sizeof(all));
        TRY(write(end[1], "last", 4));
        signal(SIGPIPE, SIG_IGN);
        close(end[1]);
        get("the last", 10);
        get("behind it", 10);
        ASK(pipe2(end, O_DIRECT));
        close(end[0]);
        ASK(write(end[1], "x", 1));
        ASK(write(end[1], "x", 0));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        memset(all, 'm', sizeof(all));
        borders();
        room();
        pieces();
        waits();
        return 0;
}
