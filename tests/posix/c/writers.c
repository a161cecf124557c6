/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing where there is not always room: to a pipe of its own, or to the console (`writers console`), as lines with numbers.
 *
 * One that does not wait is told so, and poll says when it may go on; one that is interrupted has written what it says. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <unistd.h>

enum { LINES = 12000, WIDTH = 6, WHOLE = LINES * WIDTH };

static char text[WHOLE + 1];
static volatile unsigned rings;

static void ring(int signal)
{
        (void)signal;
        rings++;
}

static void fill_text(void)
{
        for (int i = 0; i < LINES; i++)
                sprintf(text + i * WIDTH, "%05d\n", i);
}

static bool writable(int fd, int ms)
{
        struct pollfd p = {.fd = fd, .events = POLLOUT};

        return poll(&p, 1, ms) == 1 && p.revents == POLLOUT;
}

/* All of the text without waiting in write; who waits is poll. */
static void in_turns(int fd)
{
        unsigned waited = 0, wrong = 0;
        size_t done = 0;
        bool promised = false;

        while (done < WHOLE) {
                ssize_t n = write(fd, text + done, WHOLE - done);

                if (n > 0) {
                        done += (size_t)n;
                        promised = false;
                        continue;
                }
                wrong += promised || errno != EAGAIN;
                waited++;
                promised = writable(fd, -1);
                wrong += !promised;
        }
        printf("\nin turns: %s, %u wrong\n", waited ? "it waited" : "there was always room", wrong);
}

/* There is room again before anybody waits for it: a set that tells of news only does so later. */
static void told_later(int fd)
{
        struct epoll_event e = {.events = EPOLLOUT | EPOLLET}, found;
        int set = epoll_create1(0), before;

        epoll_ctl(set, EPOLL_CTL_ADD, fd, &e);
        before = epoll_wait(set, &found, 1, 1000);
        while (write(fd, text, WHOLE) > 0)
                ;
        usleep(200000);
        printf("\ntold at first: %d, later: %d, ", before, epoll_wait(set, &found, 1, 1000));
        printf("again: %d\n", epoll_wait(set, &found, 1, 0));
}

/* All of it, while signals interrupt. */
static void interrupted(int fd)
{
        struct sigaction action = {.sa_handler = ring};
        struct itimerval often = {{0, 3000}, {0, 3000}}, never = {{0, 0}, {0, 0}};
        unsigned parts = 0, wrong = 0;
        size_t done = 0;

        sigaction(SIGALRM, &action, NULL);
        setitimer(ITIMER_REAL, &often, NULL);
        while (done < WHOLE) {
                ssize_t n = write(fd, text + done, WHOLE - done);

                wrong += n == 0 || (n < 0 && errno != EINTR);
                done += n > 0 ? (size_t)n : 0;
                parts++;
        }
        setitimer(ITIMER_REAL, &never, NULL);
        printf("\ninterrupted: %s, %u wrong\n", parts > 1 && rings ? "in parts" : "never", wrong);
}

static int console(void)
{
        int fd = open("/dev/console", O_WRONLY | O_NONBLOCK);

        in_turns(fd);
        told_later(fd);
        fflush(stdout);
        interrupted(open("/dev/console", O_WRONLY));
        return fd < 0;
}

/* The same with a pipe, whose other end is ours. */
static void own_pipe(void)
{
        static char got[1 << 17];
        size_t done = 0;
        ssize_t n;
        int end[2];

        printf("pipe: %d\n", pipe2(end, O_NONBLOCK));
        while ((n = write(end[1], text, 4096)) > 0)
                done += (size_t)n;
        printf("full: %d, writable %d\n", errno == EAGAIN, writable(end[1], 0));
        printf("all is there: %d\n", read(end[0], got, sizeof(got)) == (ssize_t)done);
        printf("empty: writable %d, writes %zd\n", writable(end[1], 0), write(end[1], text, 4096));
}

int main(int arguments, char **argument)
{
        fill_text();
        if (arguments > 1 && !strcmp(argument[1], "console"))
                return console();
        own_pipe();
        return 0;
}
